"""The verbs of improvements, by noun."""

from improvements.workflow.actions import approve, cancel, finish, propose, reopen, start
from improvements.workflow.decisions import decide, expire, revoke
from improvements.workflow.handing_over import HandedOver, hand_over
from improvements.workflow.outcomes import verify
from improvements.workflow.recommendations import add_option, create, drop_option, edit_option, prefer
from improvements.workflow.submissions import put_forward, withdraw

__all__ = [
    "HandedOver",
    "add_option",
    "approve",
    "cancel",
    "create",
    "decide",
    "drop_option",
    "edit_option",
    "expire",
    "finish",
    "hand_over",
    "prefer",
    "propose",
    "put_forward",
    "reopen",
    "revoke",
    "start",
    "verify",
    "withdraw",
]
