"""Ordinary data on which statistics often fail."""

import math

NAN, INF = math.nan, math.inf
WOBBLE = [83.0, 85.5, 82.0, 86.5, 84.0, 81.0, 87.5, 83.5, 84.5, 82.5, 85.0, 86.0, 80.5, 84.0, 83.0, 85.0, 88.0, 82.0]

SERIES = {
    "nothing": [],
    "one point": [4.0],
    "two points": [4.0, 6.0],
    "two equal points": [4.0, 4.0],
    "three points": [4.0, 6.0, 5.0],
    "six points": [4.0, 6.0, 5.0, 5.5, 4.5, 7.0],
    "ordinary": WOBBLE * 2,
    "constant": [7.0] * 24,
    "all zero": [0.0] * 24,
    "nearly all zero": [0.0] * 12 + [3.0] + [0.0] * 11,
    "one missing inside": [*WOBBLE[:9], NAN, *WOBBLE[10:]],
    "missing in a row": [*WOBBLE[:5], NAN, NAN, NAN, *WOBBLE[8:]],
    "missing at both ends": [NAN, *WOBBLE[1:-1], NAN],
    "every second missing": [value if place % 2 else NAN for place, value in enumerate(WOBBLE * 2)],
    "all missing": [NAN] * 12,
    "one value among missing": [NAN] * 5 + [3.0] + [NAN] * 5,
    "infinite inside": [*WOBBLE[:9], INF, *WOBBLE[10:14], -INF, *WOBBLE[15:]],
    "ties": [float(place // 4 % 3) for place in range(36)],
    "two values only": [0.0, 1.0] * 14,
    "two rises in a row": [*WOBBLE, *(value + 12 for value in WOBBLE), *(value + 30 for value in WOBBLE)],
    "a rise that ends at the last point": [float(place) for place in range(9)],
    "below zero": [value - 100 for value in WOBBLE],
    "both signs": [value - 84 for value in WOBBLE],
    "huge": [value * 1e12 for value in WOBBLE],
    "tiny": [value * 1e-12 for value in WOBBLE],
    "enormous": [value * 1e200 for value in WOBBLE],
    "vanishing": [value * 1e-200 for value in WOBBLE],
    "beyond squares": [value * 1e200 for value in WOBBLE],
    "below squares": [value * 1e-200 for value in WOBBLE],
    "huge level, small change": [1e9 + value * 1e-3 for value in WOBBLE],
    "one huge among small": [*WOBBLE[:9], 1e15, *WOBBLE[9:]],
}
