"""What do we change, and did it work?"""

from improvements.models.actions import Action, OutcomeCheck
from improvements.models.decisions import Decision, Submission
from improvements.models.recommendations import Option, Recommendation

__all__ = ["Action", "Decision", "Option", "OutcomeCheck", "Recommendation", "Submission"]
