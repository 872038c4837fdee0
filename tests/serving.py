"""The live server of browser tests, which can say when it has answered everything.

A test ends while its page may still ask for something. On PostgreSQL such a late request reads tables that the end
of the test empties: the two wait for each other, one of them is refused, and the next test finds what this one left.
"""

import socket
import threading
import time

from django.core.servers.basehttp import ThreadedWSGIServer

WAIT = 60


class PatientServer(ThreadedWSGIServer):
    """Knows its open connections: from the moment one is taken, before its thread begins, until it is closed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lock = threading.Condition()
        self.open = 0

    def _count(self, by):
        with self.lock:
            self.open += by
            self.lock.notify_all()

    def process_request(self, request, client_address):
        self._count(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._count(-1)

    def wait_until_idle(self, seconds=WAIT):
        """Return once no connection is open; RuntimeError if one still is after so many seconds.

        The browser's windows are closed before. What they had asked for and the server had not taken yet stands in
        the queue in front of our own knock, so it is counted by the time that we are answered.
        """
        host, port = self.server_address[:2]
        with socket.create_connection((host, port), timeout=seconds) as knock:
            knock.sendall(b"GET /static/ HTTP/1.0\r\n\r\n")
            while knock.recv(65536):
                pass
        ends = time.monotonic() + seconds
        with self.lock:
            while self.open:
                if not self.lock.wait(timeout=ends - time.monotonic()):
                    raise RuntimeError(f"{self.open} connections are still open {seconds} s after the test")
