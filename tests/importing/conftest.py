"""An organisation that imports: its supervisor, and verbs that run the worker's half at once."""

import pytest
from django.core.files import File
from django.core.files.base import ContentFile

from jobs import workflow as jobs
from metrics.models import Upload
from metrics.workflow import sources, uploads
from teams.models import Workspace


class Desk:
    """Somebody at a desk: brings files, says what they mean, commits; the worker works after each step."""

    def __init__(self, person, unit):
        self.person, self.unit = person, unit

    def source(self, name="Desk"):
        from metrics.models import Source

        return Source.objects.filter(unit=self.unit, name=name).first() or sources.create(self.person, self.unit, name)

    def bring(self, text, name="figures.csv", source="Desk", known_at=None, unit=None):
        content = text if isinstance(text, bytes) else text.encode()
        upload = uploads.receive(
            self.person, self.source(source), unit or self.unit, ContentFile(content, name), known_at=known_at
        )
        return self.work(upload)

    def bring_file(self, path, source="Desk", known_at=None):
        with path.open("rb") as file:
            upload = uploads.receive(
                self.person, self.source(source), self.unit, File(file, path.name), known_at=known_at
            )
        return self.work(upload)

    def map(self, upload, mapping, **more):
        return self.work(uploads.map(self.person, upload, mapping, **more))

    def commit(self, upload, **more):
        return self.work(uploads.commit(self.person, upload, **more))

    def undo(self, upload):
        return self.work(uploads.undo(self.person, upload))

    def work(self, upload):
        failed = [job for job in jobs.run_pending() if job.state == "failed"]
        assert [(job.work, job.error_code, job.error) for job in failed] == []
        return Upload.objects.get(pk=upload.pk)


@pytest.fixture
def desk(world):
    """Amara of Alder, supervisor of the department Alder Customer Service."""
    Workspace.objects.create(pk=1, zone="UTC")
    return Desk(world.a.supervisor, world.a.department)
