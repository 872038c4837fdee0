"""R5: two hundred sequences of verbs at random, by the right people and by others, break no law of the workflow."""

import pytest

from cxreview.wander.company import gather
from cxreview.wander.walking import constraints_hold, walk
from teams import trail

pytestmark = pytest.mark.django_db
SEQUENCES, SEED = 200, 1


def test_no_sequence_leads_where_it_must_not():
    found = walk(gather(), SEED, SEQUENCES)
    assert found.faults == []
    # Chance may miss a move or two in so few sequences; the command names those that it missed.
    assert (found.sequences, len(found.never_done()) < 3) == (SEQUENCES, True)
    assert (constraints_hold(), trail.verify().why) == (True, "")
