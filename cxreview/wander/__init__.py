"""Proof that no order of verbs by anybody leads where it must not: people wander through the workflow at random (R5)."""
