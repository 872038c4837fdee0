"""What the plan of an upload wants made and touches."""

from __future__ import annotations

from metrics.models import Block, Upload
from metrics.references import Making


def making_of(upload: Upload | int) -> Making:
    """From block 0 of the upload; nothing at all where there is no plan."""
    block = Block.objects.filter(upload=upload, number=0).first()
    return Making.unpack(bytes(block.content)) if block else Making()
