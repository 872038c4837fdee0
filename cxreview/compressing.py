"""Pages leave compressed: charts and long tables weigh a fifth of what they are written in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class Compress(GZipMiddleware):
    """Django's own, for pages alone; against BREACH it varies their length and the token of forms is masked anew.

    A download keeps its length, so that a browser can say how much of it has come, and a workbook or a PDF is
    compressed already.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        page = isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if page else response
