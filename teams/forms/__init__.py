"""The forms of teams, by noun."""
