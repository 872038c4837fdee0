"""Proof that a worker killed at any moment loses nothing, doubles nothing and leaves nothing half done (R18, R20)."""
