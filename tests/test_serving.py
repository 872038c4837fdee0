"""The live server of browser tests waits for what pages had still asked for when a test ended."""

import socket
import threading
import time

import pytest
from django.core.servers.basehttp import WSGIRequestHandler

from tests.serving import PatientServer


@pytest.fixture
def slow_server():
    """A server whose every answer takes a while, and the list of those it has given."""
    answered = []

    def slow(environ, start_response):
        time.sleep(0.4)
        answered.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"late"]

    server = PatientServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(slow)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server, answered
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_a_closed_page_had_asked_for_is_waited_for(slow_server):
    """A window that closes does not take its requests back: the answer is made all the same, after the test."""
    server, answered = slow_server
    for number in range(3):
        with socket.create_connection(server.server_address[:2]) as page:
            page.sendall(f"GET /{number} HTTP/1.0\r\n\r\n".encode())
    assert answered == []
    server.wait_until_idle()
    assert {"/0", "/1", "/2"} <= set(answered)


def test_a_connection_left_open_is_told(slow_server):
    """Who forgets to close a window reads so, instead of waiting for ever."""
    server, _answered = slow_server
    told = pytest.raises(RuntimeError, match="1 connections are still open")
    with socket.create_connection(server.server_address[:2]), told:
        server.wait_until_idle(seconds=1)
