"""Names that look alike are the same name, however they were written down."""

import pytest

from metrics.models import Series
from teams.models import Unit

pytestmark = pytest.mark.django_db
MAPPING = {
    "shape": "measured",
    "date": "day",
    "unit_column": "team",
    "dimensions": [{"name": "channel", "column": "by"}],
    "metrics": [{"name": "Calls", "kind": "count", "value": {"plus": ["calls"]}}],
}
ALIKE = {
    "case": ("Night Desk", "NIGHT DESK", "night desk"),
    "composed": ("Caf\u00e9", "Cafe\u0301", "CAFE\u0301"),
    "marks that nobody sees": (
        "Night Desk",
        "\u202eNight Desk\u202c",
        "Night\u200b Desk",
        "\ufeffNight Desk",
        "Night\u00ad Desk",
    ),
    "blanks": ("Night Desk", " Night  Desk ", "Night\u00a0Desk", "Night\tDesk"),
}


@pytest.mark.parametrize("names", ALIKE.values(), ids=ALIKE)
@pytest.mark.parametrize("first", [0, -1])
def test_names_that_look_alike_are_one_unit_and_one_channel(desk, names, first):
    line = list(names) if first == 0 else list(reversed(names))
    rows = [f'2024-01-{day:02},"{name}","{name}",{day}\n' for day, name in enumerate(line, 1)]
    upload = desk.bring("day,team,by,calls\n" + "".join(rows), "calls.csv")
    upload = desk.map(upload, MAPPING, choices={"other_units": "create"})
    desk.commit(upload, accept_truncated=True)
    one = Series.objects.get(unit__kind="team", rolled_up=False)
    assert (one.first_day, one.last_day) == (738886, 738885 + len(names))
    assert one.unit.name == one.channel.name
    assert one.unit.name.casefold() == names[0].casefold()


def test_a_joiner_that_a_script_needs_is_kept(desk):
    name = "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    upload = desk.bring(f"day,team,by,calls\n2024-01-01,{name},phone,3\n", "calls.csv")
    desk.commit(desk.map(upload, MAPPING, choices={"other_units": "create"}), accept_truncated=True)
    assert Unit.objects.filter(name=name).exists()
