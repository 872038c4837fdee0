"""The agreement of raters worked out again from the scorings themselves, pair by pair and one contact left out at a time."""

import datetime as dt
import math
from collections import Counter, defaultdict
from itertools import combinations, permutations

from scipy import stats

from metrics.models import Case

from .recompute import Facts

FEW, PER_CENT = 10, 95


def scorings(source):
    """{first day of the month in which it was first scored: {contact: {person: score or word}}}."""
    found, first = defaultdict(dict), {}
    for case in Case.objects.filter(source=source):
        contact, person = case.external_id.rsplit(" · ", 1)
        words = [word for word, given in case.flags.items() if given]
        found[contact][person] = words[0] if words else case.score
        first[contact] = min(first.get(contact, case.day), case.day)
    months = defaultdict(dict)
    for contact, scores in found.items():
        months[_month(first[contact])][contact] = scores
    return dict(months)


def _month(ordinal):
    return dt.date.fromordinal(ordinal).replace(day=1).toordinal()


def cost(one, other):
    return (one - other) ** 2 if isinstance(one, float) else float(one != other)


def alpha(units):
    """Krippendorff's definition: disagreement within contacts over that of all scores thrown together."""
    every = [score for unit in units for score in unit]
    within = sum(cost(a, b) / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2)) / len(every)
    chance = sum(cost(a, b) for a, b in permutations(every, 2)) / (len(every) * (len(every) - 1))
    return (1 - within / chance, chance) if chance else (math.nan, 0.0)


def kappa(units, people):
    """Cohen's of two people: disagreement over that of each one's own habits."""
    habits = [Counter(unit[person] for unit in units) for person in people]
    same = sum(habits[0][word] * habits[1][word] for word in habits[0]) / len(units) ** 2
    apart = sum(len(set(unit.values())) > 1 for unit in units) / len(units)
    return (1 - apart / (1 - same), 1 - same) if same < 1 else (math.nan, 0.0)


def fleiss(units):
    every = Counter(score for unit in units for score in unit)
    total = sum(every.values())
    chance = 1 - sum((count / total) ** 2 for count in every.values())
    return (1 - sum(map(apart_of, units)) / len(units) / chance, chance) if chance else (math.nan, 0.0)


def apart_of(unit):
    pairs = list(combinations(unit, 2))
    return sum(a != b for a, b in pairs) / len(pairs)


def wilson(share, apart):
    n, mean = len(apart), sum(apart) / len(apart)
    spread = sum((one - mean) ** 2 for one in apart) / (n - 1)
    most = share * (1 - share)
    size = max(n, n * most / spread) if spread and most > 0 else n
    z2 = stats.t.ppf(0.975, n - 1) ** 2
    middle = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = math.sqrt(z2) / (1 + z2 / size) * math.sqrt(most / size + z2 / (4 * size**2))
    return max(0.0, middle - half), middle + half


def agreed(statistic, month):
    """(value, low, high) of one month, or of several together."""
    shared = [scores for scores in month.values() if len(scores) > 1]
    units = [list(scores.values()) for scores in shared]
    if statistic == "alpha_interval":
        value, _chance = alpha(units)
        without = [alpha(units[:place] + units[place + 1 :])[0] for place in range(len(units))]
        if any(math.isnan(one) for one in without):
            return value, math.nan, math.nan
        n, mean = len(units), sum(without) / len(units)
        half = stats.t.ppf(0.975, n - 1) * math.sqrt((n - 1) / n * sum((one - mean) ** 2 for one in without))
        return value, max(-1.0, value - half), min(1.0, value + half)
    people = sorted({person for scores in shared for person in scores})
    value, chance = (
        kappa(shared, people) if statistic == "cohen" else fleiss(units) if statistic == "fleiss" else alpha(units)
    )
    low, high = wilson((1 - value) * chance, [apart_of(unit) for unit in units])
    return value, max(-1.0, 1 - high / chance), 1 - low / chance


def agreement_facts(metric, statistic, months, last):
    """What may be said of the month ``last``, and of all of them."""
    month = months[last]
    shared = [scores for scores in month.values() if len(scores) > 1]
    every = [score for scores in shared for score in scores.values()]
    people = {person for scores in shared for person in scores}
    numbers = [len(shared), len(people), len(month) - len(shared), FEW, PER_CENT]
    if every:
        numbers.append(100 * Counter(every).most_common(1)[0][1] / len(every))
    if len(shared) > 2 and len(set(every)) > 1:
        numbers += agreed(statistic, month)
    whole = {contact: scores for one in months.values() for contact, scores in one.items()}
    both = [scores for scores in whole.values() if len(scores) > 1]
    if len(both) > 2 and len({score for scores in both for score in scores.values()}) > 1:
        numbers += [agreed(statistic, whole)[0], len(both), len({person for scores in both for person in scores})]
    return Facts(numbers=numbers, days=[last], names=[metric.name])
