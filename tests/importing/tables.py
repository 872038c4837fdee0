"""What stands in the tables, told by names, so that two runs that met their files in another order can be compared."""

import hashlib
import json

from metrics.models import Case, Observation, ObservationReplaced, Series

PLACE = ("metric__code", "unit__name", "service__name", "product__name", "channel__name")


def values():
    """Every value that stands, in order: place, day, numerator, denominator, how many reported, computed or brought."""
    places = {row[0]: row[1:] for row in Series.objects.values_list("pk", *PLACE)}
    rows = Observation.objects.values_list("series_id", "day", "numerator", "denominator", "parts", "n", "upload")
    return sorted([[list(places[row[0]]), *row[1:6], row[6] is None] for row in rows], key=str)


def standing_cases():
    fields = ("opened", "first_response", "resolved", "closed", "updated", "resolution_seconds", "within_limit")
    rows = Case.objects.values_list("source__name", "external_id", "unit__name", *fields, "day")
    return sorted([list(row) for row in rows], key=str)


def ends():
    """First and last day of every series that has values."""
    rows = Series.objects.exclude(first_day=None).values_list(*PLACE, "first_day", "last_day", "rolled_up")
    return sorted([list(row) for row in rows], key=str)


def table_hash():
    return hashlib.sha256(json.dumps([values(), standing_cases(), ends()], sort_keys=True).encode()).hexdigest()


def history():
    """What is kept of values that do not stand: place, day, value."""
    places = {row[0]: row[1:] for row in Series.objects.values_list("pk", *PLACE)}
    rows = ObservationReplaced.objects.values_list("series_id", "day", "numerator", "denominator")
    return sorted([[list(places[row[0]]), *row[1:]] for row in rows], key=str)
