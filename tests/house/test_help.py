"""Every command of ours explains itself."""

from pathlib import Path

import pytest
from django.core.management import load_command_class

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted((path.parts[-4], path.stem) for path in ROOT.glob("*/management/commands/[a-z]*.py"))


@pytest.mark.parametrize(("app", "name"), COMMANDS)
def test_a_command_prints_what_it_does(app, name, capsys):
    command = load_command_class(app, name)

    with pytest.raises(SystemExit):
        command.create_parser("manage.py", name).parse_args(["--help"])

    assert " ".join(command.help.split())[:40] in " ".join(capsys.readouterr().out.split())
