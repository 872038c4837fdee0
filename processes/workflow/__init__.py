"""Verbs of what is offered and how it runs.

``new_…`` makes one row inside the caller's transaction and leaves the trail to the caller, whose own entry tells of
it; the verbs that pages call (``offered``, ``steps``, ``features``) ask the doors and record themselves.
"""

from processes.workflow.making import new_feature, new_process, new_service, new_step

__all__ = ["new_feature", "new_process", "new_service", "new_step"]
