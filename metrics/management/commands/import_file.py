"""Import a file from a script or cron: what the page does, to the end, in the foreground and without a worker."""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils.translation import gettext as _

from metrics.importing import foreground
from metrics.importing.foreground import Outcome, Wanted
from metrics.models import Series, Upload
from metrics.queries import uploads as questions
from metrics.queries.plans import making_of
from metrics.queries.vanished import vanished
from metrics.wording import problems
from metrics.wording.periods import partial_words
from teams import access, roles
from teams.models import Person, Role, Unit

SHOWN = 100


class Unknown(Exception):
    """Something that the command needs was not given and cannot be known."""

    def __init__(self, code: str, message: str, choices: list[str]) -> None:
        super().__init__(message)
        self.code, self.message, self.choices = code, message, choices


class Command(BaseCommand):
    # Not lazy: argparse wants a string, and the language of a command is settled by now.
    help = _(
        "Import FILE and print the plan and the totals as JSON. Exit codes: 0 done or nothing to change, "
        "1 refused (with the reason), 2 rows were rejected and not accepted, 3 something has to be answered first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help=_("name of the source; made if it is new"))
        parser.add_argument("--mapping", type=Path, help=_("JSON: answers to questions, or a whole mapping"))
        parser.add_argument("--plan-only", action="store_true", help=_("stop before anything is stored"))
        parser.add_argument("--accept-valid", action="store_true", help=_("leave rejected rows out"))
        parser.add_argument("--accept-truncated", action="store_true", help=_("the file is whole"))
        parser.add_argument(
            "--vanished",
            choices=["keep", "take-out"],
            default="keep",
            help=_(
                "cases or scores that the file does not hold any more: keep counting them, or take them out of the counts"
            ),
        )
        parser.add_argument("--whole-period", action="store_true", help=_("the last period is complete"))
        parser.add_argument("--known-at", help=_("when this was known: 2024-03-31 or 2024-03-31T12:00"))
        parser.add_argument("--person", help=_("e-mail of the person who imports"))
        parser.add_argument("--unit", help=_("name or code of the unit that the file belongs to"))
        parser.add_argument("--zone", default="", help=_("time zone of times without one, such as Europe/London"))
        parser.add_argument("--create-units", action="store_true", help=_("make units that are not known"))
        parser.add_argument("--json", action="store_true", help=_("print nothing but JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = foreground.import_file(self._wanted(options))
        except Unknown as unknown:
            question = {"code": unknown.code, "words": unknown.message, "choices": unknown.choices}
            code = foreground.ASKED if unknown.choices else foreground.REFUSED
            self._print({"status": "questions" if unknown.choices else "refused", "questions": [question]}, options)
            sys.exit(code)
        except (OSError, ValueError) as problem:
            self._print({"status": "refused", "reason": {"code": "not_readable", "words": str(problem)}}, options)
            sys.exit(foreground.REFUSED)
        self._print(told(outcome), options)
        sys.exit(outcome.code)

    def _print(self, answer: dict[str, Any], options: dict[str, Any]) -> None:
        if not options["json"]:
            for line in lines(answer):
                self.stderr.write(line)
        self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False, default=str))

    def _wanted(self, options: dict[str, Any]) -> Wanted:
        unit = unit_of(options["unit"])
        answers = json.loads(options["mapping"].read_text("utf-8")) if options["mapping"] else {}
        if not isinstance(answers, dict):
            raise ValueError(_("The mapping must be a JSON object."))
        if options["create_units"]:
            answers["create_units"] = True
        return Wanted(
            path=options["file"],
            source=options["source"],
            person=person_of(options["person"], unit),
            unit=unit,
            answers=answers,
            known_at=moment_of(options["known_at"] or answers.get("known_at")),
            zone=options["zone"],
            plan_only=options["plan_only"],
            accept_valid=options["accept_valid"],
            accept_truncated=options["accept_truncated"],
            vanished=options["vanished"].replace("-", "_"),
            whole=options["whole_period"],
        )


def moment_of(text: str | None) -> dt.datetime | None:
    """A day means its noon in UTC."""
    if not text:
        return None
    if len(text) == 10:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(12), tzinfo=dt.UTC)
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def unit_of(name: str | None) -> Unit:
    """The unit of this name or code; without a name the only organisation. Raises Unknown."""
    units = Unit.objects.filter(archived_at=None).order_by("path")
    if name:
        found = list(units.filter(code=name)) or list(units.filter(name=name))
        if len(found) == 1:
            return found[0]
        raise Unknown(
            "unit", _("There is no one unit “%(name)s”.") % {"name": name}, [str(unit) for unit in units[:200]]
        )
    top = list(units.filter(parent=None))
    if len(top) == 1:
        return top[0]
    words = (
        _("Say to which unit the file belongs (--unit).")
        if top
        else _("There is no organisation yet. Start the product first.")
    )
    raise Unknown("unit", words, [unit.name for unit in top])


def person_of(email: str | None, unit: Unit) -> Person:
    """The person of this address, else the first administrator or supervisor who may import for the unit."""
    if email:
        person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
        if person is None or not access.may(person, "metrics.import", unit):
            raise Unknown("person", _("%(email)s may not import for %(unit)s.") % {"email": email, "unit": unit}, [])
        return person
    for name in (roles.ADMINISTRATOR, roles.SUPERVISOR):
        role = Role.objects.filter(name=name, unit__in=unit.line_ids, person__is_active=True).order_by("pk").first()
        if role:
            return role.person
    words = _("Nobody may import for %(unit)s: give a person with --person, or start the product first.")
    raise Unknown("person", words % {"unit": unit}, [])


def told(outcome: Outcome) -> dict[str, Any]:
    """Everything that came of it, as JSON."""
    upload = outcome.upload
    answer: dict[str, Any] = {"status": outcome.status, "exit_code": outcome.code}
    if outcome.refusal:
        answer["reason"] = {"code": outcome.refusal.code, "words": str(outcome.refusal.message)}
        answer["reason"]["fields"] = {name: str(words) for name, words in outcome.refusal.fields.items()}
    if upload is None:
        return answer
    facts = {"id": upload.pk, "state": upload.state, "file": upload.name, "sha256": upload.sha256}
    answer |= {"upload": facts, "source": upload.source.name, "unit": upload.unit.name, "known_at": upload.known_at}
    answer["known_from"] = upload.facts.get("known_from", "")
    answer["known_said"] = upload.facts.get("known_said", [])
    answer["same_file_as"] = upload.facts.get("same_file", [])
    if upload.problems:
        answer["problems"] = [_problem(problem) for problem in upload.problems]
        answer.setdefault("reason", answer["problems"][0])
    if outcome.questions:
        answer |= asked(upload, outcome.questions)
    if upload.plan:
        answer |= planned(upload)
    return answer


def _problem(problem: dict[str, Any]) -> dict[str, Any]:
    where = problem.get("where") or {}
    place = {name: where[name] for name in ("sheet", "row", "line", "column", "letter") if where.get(name)}
    return {"code": problem["code"], **place, "value": problem.get("value", ""), "reason": problems.told(problem)}


def asked(upload: Upload, open_questions: list[dict[str, Any]]) -> dict[str, Any]:
    """What has to be answered, with the columns found and the mapping as far as it is known."""
    seen = questions.preview(upload)
    columns = [
        {"column": one.key, "header": one.header, "letter": one.letter, "role": one.role, "samples": one.samples}
        for one in seen.columns
    ]
    told_questions = [
        {
            "code": question["code"],
            "words": problems.asked(question),
            "answer_with": "confirmed" if question.get("of_file") else question["about"],
            "choices": list(question.get("choices", [])),
            "why": question.get("why", {}),
            "evidence": list(question.get("evidence", [])),
            "column": question.get("column", ""),
        }
        for question in open_questions
    ]
    return {"questions": told_questions, "columns": columns, "mapping": upload.mapping}


def planned(upload: Upload) -> dict[str, Any]:
    """Counts, reasons, rejected rows and series touched."""
    summary = questions.summary(upload)
    assert summary is not None
    rejected = [
        {"row": row.row, "line": row.line, **{k: v for k, v in _problem(problem).items() if k not in ("row", "line")}}
        for row in questions.rejected(upload)[:SHOWN]
        for problem in row.problems
    ]
    return {
        "counts": summary.counts,
        "reasons": summary.reasons,
        "excluded": summary.excluded,
        "warned": summary.warned,
        "rejected": rejected,
        "made": summary.made,
        "vanished": _vanished(upload),
        "partial_period": _partial(upload),
        "gaps": upload.plan.get("gaps"),
        "series": series_of(upload),
        "first_day": summary.first_day,
        "last_day": summary.last_day,
        "rows": upload.plan["rows"].get("rows", 0),
        "hash": summary.hash,
    }


def _vanished(upload: Upload) -> dict[str, Any]:
    """Cases that the file does not hold any more, and what was decided."""
    cases = list(vanished(upload).values_list("external_id", flat=True)[:SHOWN])
    return {"count": upload.plan.get("vanished", 0), "decision": upload.vanished, "cases": cases}


def _partial(upload: Upload) -> dict[str, Any] | None:
    partial = upload.plan.get("partial")
    if not partial:
        return None
    days = {name: dt.date.fromordinal(day) for name, day in partial.items()}
    return {**days, "confirmed_whole": bool(upload.plan.get("whole")), "words": partial_words(upload.plan)}


def series_of(upload: Upload) -> list[dict[str, Any]]:
    """The series touched, the sums of units above included; those that are still to be made are not there yet."""
    own = making_of(upload).all_series
    rows = Series.objects.select_related("metric", "unit", "service", "product", "channel")
    if "source_version" in upload.plan:
        rows = rows.filter(metric__source=upload.source_id)
    else:
        metrics = Series.objects.filter(pk__in=own).values("metric")
        rows = rows.filter(Q(pk__in=own) | Q(metric__in=metrics, rolled_up=True))
    return [
        {
            "id": one.pk,
            "metric": one.metric.name,
            "unit": one.unit.name,
            "sum": one.rolled_up,
            **{name: str(part) for name in ("service", "product", "channel") if (part := getattr(one, name))},
            "first_day": one.first_day and dt.date.fromordinal(one.first_day),
            "last_day": one.last_day and dt.date.fromordinal(one.last_day),
        }
        for one in rows.order_by("metric__name", "unit__path", "pk")
    ]


def lines(answer: dict[str, Any]) -> list[str]:
    """The same for people, in a few lines."""
    found = [str(answer["status"])]
    reason = answer.get("reason")
    if reason:
        found.append(str(reason.get("words") or reason.get("reason") or reason.get("code")))
    found += [f"{question['words']} {', '.join(question['choices'])}" for question in answer.get("questions", [])]
    found += [f"{name}: {count}" for name, count in answer.get("counts", {}).items() if count]
    found += [f"{row['row']}: {row.get('column', '')} {row['reason']}" for row in answer.get("rejected", [])[:10]]
    return found
