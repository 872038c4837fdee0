"""The verbs of teams, by noun."""
