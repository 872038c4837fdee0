"""The demonstration: an invented organisation, made by calling the same verbs as everybody."""
