"""The pages of processes, by noun."""
