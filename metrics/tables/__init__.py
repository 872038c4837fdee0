"""Tables of metrics: the same columns for page and export."""
