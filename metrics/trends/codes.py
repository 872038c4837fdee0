"""The small integers that the numeric core speaks in; words for people are made elsewhere."""

from typing import Final

import numpy as np

from .arrays import Bytes, Codes

# Rules: a bit mask per point.
OUTSIDE: Final = 1
TREND: Final = 2
TWO_OF_THREE: Final = 4
SHIFT: Final = 8
RULES: Final = (OUTSIDE, TREND, TWO_OF_THREE, SHIFT)  # in order of precedence for the label

# Marks: every rule with its direction, one byte per point. Both trend bits are set on a turning point
# that ends one run and begins the next; nothing else can point both ways.
OUTSIDE_HIGH: Final = 1
OUTSIDE_LOW: Final = 2
TREND_UP: Final = 4
TREND_DOWN: Final = 8
TWO_HIGH: Final = 16
TWO_LOW: Final = 32
SHIFT_HIGH: Final = 64
SHIFT_LOW: Final = 128
BITS: Final = {
    OUTSIDE: (OUTSIDE_HIGH, OUTSIDE_LOW),
    TREND: (TREND_UP, TREND_DOWN),
    TWO_OF_THREE: (TWO_HIGH, TWO_LOW),
    SHIFT: (SHIFT_HIGH, SHIFT_LOW),
}

# Label: direction times rule, e.g. -SHIFT is a run below the mean; 0 is common cause.
COMMON: Final = 0

# Point types, and the variation icon (the type of the latest point; NO_ICON without a value).
COMMON_CAUSE: Final = 0
IMPROVEMENT: Final = 1
CONCERN: Final = 2
NEUTRAL_HIGH: Final = 3
NEUTRAL_LOW: Final = 4
NO_ICON: Final = -1

# Assurance icon.
NO_ASSURANCE: Final = 0
CONSISTENT_PASS: Final = 1
CONSISTENT_FAIL: Final = 2
INCONSISTENT: Final = 3

# Charts.
XMR: Final = 1  # single values: limits from the moving range
P: Final = 2  # Laney's p': a share of counted things
U: Final = 3  # Laney's u': events per counted thing
C: Final = 4  # the same where every period counts alike (c, widened as Laney does)
LOG: Final = 5  # XmR of the logarithms, drawn back-transformed: times
T: Final = 6  # time between rare events
G: Final = 7  # cases between rare events
COUNTED: Final = (P, U, C)
VARYING: Final = (P, U)  # the limits differ from point to point

# Notes: a bit mask per phase, and per series the union of its phases' and its own.
NO_VARIATION: Final = 1  # every baseline value is the same: the limits are the mean
TRIAL_LIMITS: Final = 2  # fewer points in the phase than Settings.min_points
UNSCREENED_USED: Final = 4  # screening removed every range that was not zero, so all are used
TOO_FEW_POINTS: Final = 8  # fewer than two baseline values: no limits
NO_LIMITS: Final = 16  # values enough, but gaps (or overflow) leave no moving range: no limits
INFINITE_AS_MISSING: Final = 32
REBASE_SNAPPED: Final = 64  # a rebase date is no data date: the phase starts at the next point
REBASE_UNUSED: Final = 128  # a rebase date after the last point
MISSING_VALUES: Final = 256
NO_VALUES: Final = 512
COUNTS_UNKNOWN: Final = 1024  # not every value comes with its counts: an XmR chart of the values
NOT_COUNTS: Final = 2048  # the counts are no whole numbers, or more than there are: an XmR chart of the values
NOT_POSITIVE: Final = 4096  # a time is not above 0: an XmR chart, or (chart t) that point is left out
LARGE_COUNTS: Final = 16384  # chance in counting is a small part of the variation: an XmR chart of the values
FEW_EVENTS: Final = 8192  # fewer than three events are expected in a period: limits of counts are rough
MOSTLY_ONE_VALUE: Final = 32768  # more than half of the values are the same: those points lie on no side of the mean


def _tables() -> tuple[Bytes, Codes]:
    rules = np.zeros(256, np.uint8)
    labels = np.zeros(256, np.int8)
    for marks in range(256):
        for rule in reversed(RULES):
            high, low = BITS[rule]
            if marks & (high | low):
                rules[marks] |= rule
                labels[marks] = rule if marks & high else -rule
    return rules, labels


RULES_OF_MARKS, LABEL_OF_MARKS = _tables()

WIDEST: Final = 12  # values, over which a change of level is looked for at most
DRAWN: Final = 60_000  # stable series, of which a table of what chance does is made

# Indexed by [direction + 1, sign of label + 1].
TYPE_OF: Final = np.array(
    [
        [IMPROVEMENT, COMMON_CAUSE, CONCERN],
        [NEUTRAL_LOW, COMMON_CAUSE, NEUTRAL_HIGH],
        [CONCERN, COMMON_CAUSE, IMPROVEMENT],
    ],
    np.int8,
)
