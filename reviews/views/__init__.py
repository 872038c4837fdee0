"""The pages of reviews, by noun."""
