"""Who a session belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from teams import access
from teams.models import Person


class Holders(ModelBackend):
    """Django's own check of passwords; the person of a session comes with the roles that every page asks for."""

    def get_user(self, user_id: Any) -> Person | None:
        found = access.sign_in_again(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
