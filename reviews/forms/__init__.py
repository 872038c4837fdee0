"""The forms of reviews, by noun."""
