"""The checker: every number, length of time and date of a sentence must be among the facts worked out again."""

from metrics.queries.metrics import marks
from metrics.wording import narrate

from . import tokens
from .recompute import month_of, signal_facts

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
    """The same for all sentences of a narration: (sentence, kind, what)."""
    sentences = (narration.fact, narration.meaning, narration.caveat, narration.next_step)
    return [(str(one), *fault) for one in sentences for fault in unexplained(str(one), facts)]


def faults_of_signals(signals):
    """Of all sentences of these signals, in the language that is on."""
    return [fault for one in signals for fault in faults_of(narrate(one, marks(one.series)), signal_facts(one))]
