"""Contestants beside each other in one run: compare ratios, not seconds."""
