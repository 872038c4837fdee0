"""The verbs of reviews, by noun."""

from reviews.workflow.agreement import agree, ask_agreement, brief, freeze, send_back, start, withdraw_request
from reviews.workflow.conclusions import conclude_criterion
from reviews.workflow.ending import archive, cancel, close, conclude, decided, reopen, unarchive
from reviews.workflow.findings import (
    address,
    agree_finding,
    edit_finding,
    give_reason,
    link_evidence,
    merge_finding,
    open_finding_again,
    raise_finding,
    unaddress,
    write_finding,
)
from reviews.workflow.handing_over import HandedOver, hand_over
from reviews.workflow.items import (
    add_feature,
    add_item,
    add_step,
    add_steps,
    edit_item,
    move_subject,
    note_yield,
    remove_item,
    remove_subject,
)
from reviews.workflow.judging import choose_outcome, judge, remove_evidence
from reviews.workflow.planning import copy, create, edit_plan
from reviews.workflow.rounds import answer, close_round, invite, open_round, remind

__all__ = [
    "HandedOver",
    "add_feature",
    "add_item",
    "add_step",
    "add_steps",
    "address",
    "agree",
    "agree_finding",
    "answer",
    "archive",
    "ask_agreement",
    "brief",
    "cancel",
    "choose_outcome",
    "close",
    "close_round",
    "conclude",
    "conclude_criterion",
    "copy",
    "create",
    "decided",
    "edit_finding",
    "edit_item",
    "edit_plan",
    "freeze",
    "give_reason",
    "hand_over",
    "invite",
    "judge",
    "link_evidence",
    "merge_finding",
    "move_subject",
    "note_yield",
    "open_finding_again",
    "open_round",
    "raise_finding",
    "remind",
    "remove_evidence",
    "remove_item",
    "remove_subject",
    "reopen",
    "send_back",
    "start",
    "unaddress",
    "unarchive",
    "withdraw_request",
    "write_finding",
]
