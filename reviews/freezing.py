"""A plan as canonical JSON, its hash, and what differs between two plans. Pure."""

from __future__ import annotations

import hashlib
import json
from typing import Any

Plan = dict[str, Any]


def canonical(plan: Plan) -> str:
    """One text for one content: sorted keys, no spaces, nothing escaped that need not be."""
    return json.dumps(plan, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def fingerprint(plan: Plan) -> str:
    """SHA-256 of the canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(plan).encode()).hexdigest()


def differences(before: Plan, after: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """Leaves that differ, by their path ("criteria/12/threshold"), as they were and as they are.

    A leaf that exists on one side only is missing on the other.
    """
    old, new = _leaves(before), _leaves(after)
    changed = sorted(path for path in old.keys() | new.keys() if old.get(path, ...) != new.get(path, ...))
    return {path: old[path] for path in changed if path in old}, {path: new[path] for path in changed if path in new}


def _leaves(plan: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(plan, dict):
        return {path: plan}
    leaves: dict[str, Any] = {}
    for key, value in plan.items():
        leaves.update(_leaves(value, f"{path}/{key}" if path else str(key)))
    return leaves
