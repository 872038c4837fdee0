"""The samples, brought the way a person brings them: what each file means, and the series that it becomes."""

from dataclasses import dataclass

from tests.importing.conftest import Desk


@dataclass(frozen=True)
class Sample:
    """A file, the column that names its units, and what else of the mapping a person says that the file does not."""

    path: str
    units: str = ""
    most: int = 30  # series that are looked at closely
    told: int = 0  # statements on them, at least
    shown: int = 8  # and on the pages that are opened
    header_rows: tuple[int, ...] = ()  # in a file whose layout nobody knows: every whole column of figures is a metric

    def said_of(self, sniffed, mapping):
        """The mapping with what a person says."""
        said = {**mapping, "unit_column": self.units} if self.units else dict(mapping)
        if self.header_rows:
            said["header_rows"] = list(self.header_rows)
            said["metrics"] = [_metric_of(one) for one in sniffed["columns"] if _whole(one)]
        return said


def _whole(column):
    return column["role"] == "number" and not column["numbers"]["censored"]


def _metric_of(column):
    kind = "count" if " no " in f" {column['key']} " else ""
    return {"name": column["header"], "value": {"plus": [column["key"]]}, "kind": kind}


SAMPLES = {
    "emergency": Sample("nhs_ae_type1_monthly.csv", told=90),
    "waiting": Sample("nhs_rtt_timeseries.xlsx", header_rows=(10, 11), most=4, told=15, shown=25),
    "incidents": Sample("itsm_incidents_closed.csv", units="assignment group", told=10, shown=25),
    "city": Sample("nyc311_requests_us_dates.csv", units="borough", told=70, shown=30),
    "questions": Sample("support_questions_dst_offsets.csv", told=6),
}
# Answers without a day, or without anything by which a row is known again: nobody can make a series of these.
DATELESS = (
    "surveymonkey_two_header_rows.csv",
    "extra/survey_ratings_1to5_NA_macroman.csv",
    "extra/surveymonkey_crosstab_percent_total.csv",
)


def bring(desk: Desk, samples, sample: Sample):
    upload = desk.bring_file(samples / sample.path, "Desk")
    if upload.state == "received" or sample.units:
        said = sample.said_of(upload.facts["sniffed"], upload.mapping)
        upload = desk.map(upload, said, zone="UTC", choices={"other_units": "create", "other_metrics": "create"})
    assert (upload.state, upload.questions, upload.problems) == ("planned", [], [])
    return desk.commit(upload)
