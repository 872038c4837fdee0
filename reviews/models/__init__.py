"""What do we judge?"""

from reviews.models.challenge import Answer, Invitation, Question, Round, StepOutcome
from reviews.models.findings import Conclusion, Evidence, Finding
from reviews.models.judging import Judgement, Subject
from reviews.models.plan import Amendment, CollectionMethod, Criterion, Parameter, Review

__all__ = [
    "Amendment",
    "Answer",
    "CollectionMethod",
    "Conclusion",
    "Criterion",
    "Evidence",
    "Finding",
    "Invitation",
    "Judgement",
    "Parameter",
    "Question",
    "Review",
    "Round",
    "StepOutcome",
    "Subject",
]
