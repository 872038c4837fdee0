"""Make the first administrator, with the workspace and its organisation."""

from __future__ import annotations

import getpass
import os
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from teams.refusals import Refused
from teams.workflow.start import start


class Command(BaseCommand):
    help = "Makes the first administrator of an empty workspace; asks for the password or reads CXREVIEW_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--organisation", required=True)
        parser.add_argument("--workspace", default="CX Review")
        parser.add_argument("--zone", default="Europe/London", help="e.g. Europe/London: days begin and end there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(f"{options['email']} is not an e-mail address.") from None
        password = os.environ.get("CXREVIEW_PASSWORD") or getpass.getpass("Password (at least 12 characters): ")
        try:
            person = start(
                workspace=options["workspace"],
                zone=options["zone"],
                organisation=options["organisation"],
                name=options["name"],
                email=options["email"],
                password=password,
            )
        except Refused as refused:
            raise CommandError(str(refused.message)) from None
        self.stdout.write(f"{person.email} may sign in as the administrator of {options['organisation']}.")
