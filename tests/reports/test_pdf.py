"""The decision paper as PDF: it says what the snapshot says, is tagged, and touches nothing outside."""

import copy
import datetime as dt
import io
import re
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from improvements.paper import lay_out
from reports.typesetting import fonts, render
from reports.typesetting.document import FOLDER, ICONS
from teams import clock
from tests.improvements import making
from tests.reviews.making import again

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HEAD = (123, "c0ffee" * 10)


@pytest.fixture
def content(world):
    with clock.at(making.TODAY):
        return again(making.put_forward(world.a)).content


def text_of(pdf):
    """The words of a PDF without their line breaks."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return squeezed(" ".join(pages))


def squeezed(text):
    return re.sub(r"\s+", "", text)


def cells_of(part):
    """Every piece of text that the paper shows."""
    if isinstance(part, dict):
        if "url" in part and "text" in part:
            yield part["text"]
        for key, value in part.items():
            if key in ("title", "name", "about", "ask", "label", "day", "settings") and isinstance(value, str):
                yield value
            elif not isinstance(value, str):
                yield from cells_of(value)
        if part.get("kind") == "text":
            yield part["text"]
    elif isinstance(part, list):
        for value in part:
            yield from cells_of(value)


def test_the_pdf_says_what_the_snapshot_says(content):
    pdf = render(content, "ab" * 32, HEAD, "en-gb", AT)
    words = text_of(pdf)
    told = set(cells_of(lay_out(content)))
    assert len(told) > 100
    assert [text for text in told if squeezed(text) not in words] == []
    assert (squeezed("State hash " + "ab" * 32) in words, squeezed("Trail 123: " + HEAD[1]) in words) == (True, True)


def test_the_pdf_is_tagged_and_has_its_title_and_language(content):
    reader = PdfReader(io.BytesIO(render(content, "ab" * 32, HEAD, "en-gb", AT)))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] is True or catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert "/StructTreeRoot" in catalogue
    assert (catalogue["/Lang"], reader.metadata.title) == ("en-GB", content["recommendation"]["title"])
    assert "pdfuaid" in catalogue["/Metadata"].get_object().get_data().decode()


def test_its_numbers_lead_to_the_pages_they_came_from(content, settings):
    settings.BASE_URL = "https://cx.example"
    reader = PdfReader(io.BytesIO(render(content, "ab" * 32, HEAD, "en-gb", AT)))
    links = {
        note.get_object()["/A"]["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    }
    series = content["metrics"][0]["series"]
    assert f"https://cx.example/series/{series}" in links
    assert all(link.startswith("https://cx.example/") for link in links)


HOSTILE = [
    '#read("/etc/passwd")',
    '#image("http://127.0.0.1:9/x.png")',
    '#import "@preview/cetz:0.2.0"',
    "<script>alert(1)</script>",
    "</svg><image href='file:///etc/passwd'/>",
    "$ sum_(i=0)^n $ *bold* _it_ `raw` = Heading",
    '\\u{41} #eval("1+1") \\',
    "https://evil.example/?q=1 @label <label>",
    "$\\frac{1}{2}$ and \\alpha",
    "Ŵŷ Қазақша 한국어 ½ €",
]


def planted(content, words):
    """The content with ``words`` wherever people type."""
    found = copy.deepcopy(content)
    found["recommendation"].update(title=words, ask=words, benefit=words, waiting=words)
    found["review"].update(title=words, question=words, inside=words, overall=words)
    for one in found["criteria"]:
        one.update(name=words, measure=words, source=words)
    for one in found["findings"]:
        one.update(title=words, condition=words, effect=words, cause=words)
    for one in found["options"]:
        one.update(name=words, description=words, risk=words)
    for one in found["metrics"]:
        one.update(metric=words, place=words, marks=[{"day": "2025-06-01", "label": words, "kind": "note"}])
        one["measure"] = words[:30]
    return found


@pytest.mark.parametrize("words", HOSTILE)
def test_what_people_type_is_shown_and_never_read(content, words):
    read = text_of(render(planted(content, words), "ab" * 32, HEAD, "en-gb", AT))
    assert read.count(squeezed(words)) >= 15
    assert "root:x:0" not in read


PLACES = ("/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x", "\\\\host\\share")
CALLS = ("read", "image", "json", "csv", "include", "import", "plugin")
PAYLOADS = [*HOSTILE, *(f'#{call}("{place}")' for call in CALLS for place in PLACES), "#sys.inputs.data", "@passwd"]

_opened: list = []
_listening: list = []


def _hear(event, arguments):
    if _listening and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.exec"):
        _opened.append((event, arguments[0] if event == "open" else arguments))


sys.addaudithook(_hear)


def test_setting_pages_connects_to_nothing_and_opens_nothing_else(content):
    render(content, "ab" * 32, HEAD, "en-gb", AT)
    allowed = [FOLDER, ICONS, *fonts.folders()]
    _opened.clear()
    _listening.append(True)
    assert len(PAYLOADS) == 40
    try:
        for words in PAYLOADS:
            render(planted(content, words), "ab" * 32, HEAD, "en-gb", AT)
    finally:
        _listening.clear()
    strange = [
        (event, what)
        for event, what in _opened
        if event != "open" or not any(Path(str(what)).is_relative_to(place) for place in allowed)
    ]
    assert strange == []


def test_the_ear_hears_a_file_that_is_opened():
    _opened.clear()
    _listening.append(True)
    try:
        Path(__file__).read_bytes()
    finally:
        _listening.clear()
    assert [(event, str(what)) for event, what in _opened] == [("open", __file__)]


def test_the_same_content_gives_the_same_pdf(content):
    one, other = (render(content, "ab" * 32, HEAD, "en-gb", AT) for _time in range(2))
    assert one == other
