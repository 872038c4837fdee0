"""Forms of metrics, by noun; every choice is offered from what the person may touch."""
