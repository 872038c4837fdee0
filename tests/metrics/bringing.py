"""A file brought through the pages, step by step."""

import io

from jobs import workflow as jobs
from metrics.models import Source, Upload
from tests.metrics.filling import form_of

MEASURED = "month,team,answered,all\n2024-01-01,Alder Team North,80,100\n2024-02-01,Alder Team North,85,100\n"


def text_file(content, name="figures.csv"):
    file = io.BytesIO(content.encode())
    file.name = name
    return file


def drop(client, side, content, name="figures.csv", source="Desk"):
    """Send a file, let the worker look at it; the upload."""
    found = Source.objects.filter(name=source).first()
    given = {"file": text_file(content, name), "unit": side.department.pk}
    given |= {"source": found.pk} if found else {"new_source": source}
    answer = client.post("/imports/new", given)
    assert answer.status_code == 302, answer.content.decode()
    jobs.run_pending()
    return Upload.objects.latest("pk")


def say(client, upload, **changed):
    """Fill in the mapping as it is proposed, with some fields changed; let the worker plan."""
    address = f"/imports/{upload.pk}/map"
    shape = changed.pop("shape", None)
    _action, fields = form_of(client.get(address, {"shape": shape} if shape else {}), "date_order")
    answer = client.post(address, {**fields, **changed})
    assert answer.status_code == 302, answer.content.decode()
    jobs.run_pending()
    upload.refresh_from_db()
    return upload


def commit(client, upload, **more):
    page = client.get(f"/imports/{upload.pk}")
    action, fields = form_of(page, "seen")
    answer = client.post(action, {**fields, **more})
    jobs.run_pending()
    upload.refresh_from_db()
    return answer


def in_time():
    return {
        "metric-0-name": "In time",
        "metric-0-value": "C",
        "metric-0-denominator": "D",
        "metric-0-kind": "proportion",
    }
