"""The pages of teams, by noun."""
