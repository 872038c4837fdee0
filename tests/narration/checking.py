"""The checker: every number, length of time and date of a sentence must be among the facts worked out again."""

from metrics.models import Analysis
from metrics.queries.closer import season_of
from metrics.queries.metrics import marks
from metrics.wording import narrate

from . import tokens, unseasoned
from .recompute import Facts, month_of, signal_facts

THRESHOLDS = [0, 1, 19, 20, 95, 100, 0.8, 0.667]
DAY = 86_400  # "8 days" may be a length of time, or a run of eight daily values


def unexplained(sentence, facts):
    """What the sentence tells that the facts do not hold, as (kind, what); [] for an honest sentence."""
    for name in facts.names:
        sentence = sentence.replace(name, " ")
    days, months, numbers, lengths = tokens.read(sentence)
    known_days, known_months = set(facts.days), {month_of(day) for day in facts.days}
    seconds = [number * unit for number in facts.numbers for unit in (facts.seconds, DAY) if unit]
    return [
        *(("day", day.isoformat()) for day in days if day.toordinal() not in known_days),
        *(("month", month) for month in months if month not in known_months),
        *(("number", number.value) for number in numbers if not number.is_one_of(facts.numbers)),
        *(("length", length.value) for length in lengths if not length.is_one_of(seconds)),
    ]


def faults_of(narration, facts):
    """The same for all sentences of a narration: (sentence, kind, what). What would change the verdict names, beside
    facts, the thresholds of the rules."""
    sentences = (narration.fact, narration.meaning, narration.caveat, narration.next_step)
    found = [(str(one), *fault) for one in sentences for fault in unexplained(str(one), facts)]
    turn = str(narration.turn)
    return found + [(turn, *fault) for fault in unexplained(turn, facts + Facts(numbers=THRESHOLDS))]


def faults_of_signals(signals):
    """Of all sentences of these signals, in the language that is on: with what is left of each without its season."""
    analyses = {one.series_id: one for one in Analysis.objects.filter(series__in={one.series_id for one in signals})}
    found = []
    for one in signals:
        season = season_of(one.series, analyses.get(one.series_id))
        facts = signal_facts(one) + (unseasoned.left_facts(one) if season else Facts())
        found += faults_of(narrate(one, marks(one.series), None, season), facts)
    return found
