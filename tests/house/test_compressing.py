"""Pages leave compressed for a browser that takes it; downloads and small answers as they are."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from cxreview.compressing import Compress


def answered(response, takes="gzip, deflate, br"):
    return Compress(lambda request: response)(RequestFactory().get("/", headers={"Accept-Encoding": takes}))


def test_a_page_of_the_product_is_compressed_and_says_the_same(world, client_of):
    person = world.a.supervisor
    plain = client_of(person).get("/signals")
    packed = client_of(person).get("/signals", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    title = "<title>" + plain.content.decode().split("<title>")[1].split("</title>")[0]
    assert title in gzip.decompress(packed.content).decode()


def test_two_answers_of_one_page_differ_in_length():
    """Whoever can watch lengths cannot try guesses of what stands in a page."""
    pages = [HttpResponse("word " * 200) for _time in range(30)]
    assert len({len(answered(page).content) for page in pages}) > 1


@pytest.mark.parametrize(
    ("kind", "takes"), [("application/pdf", "gzip"), ("text/csv", "gzip"), ("text/html", ""), ("text/html", "br")]
)
def test_all_else_stays_as_it_is(kind, takes):
    response = answered(HttpResponse("word " * 200, content_type=kind), takes)
    assert "Content-Encoding" not in response and response.content == b"word " * 200
