"""The rules of every statement about data (design of trends, 3.4): period, size, a chance, and what would change it."""

import re

# A chance tied to a number: "1 time in 300", "4 times in 5", "95 % interval", "1 stable series in 20", "1 in 20".
CHANCE = re.compile(r"\b\d[\d,]* (?:\w+ ){0,3}in \d|\b\d+ times in \d+|95 %|\b\d+ comparisons? of 20|half of the move")
PERIOD = re.compile(r"\b20\d\d\b|\b\d+ (?:values|months|weeks|days)\b|\bnext (?:day|week|month)\b")


def left_out(told):
    """What a statement, in English, does not say of the four."""
    whole = " ".join(str(part) for part in (told.fact, told.meaning, told.caveat, told.turn))
    return [
        *([] if re.search(r"\d", f"{told.fact} {told.meaning}") else ["size"]),
        *([] if PERIOD.search(whole) else ["period"]),
        *([] if CHANCE.search(whole) else ["chance"]),
        *([] if told.turn or "even odds" in told.meaning else ["turn"]),
    ]
