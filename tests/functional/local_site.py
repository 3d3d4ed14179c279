"""A web server of the tests' own, on a free port of the loopback address."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """What one path answers with; ``delay`` seconds after it was asked."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""
    delay: float = 0.0


@contextmanager
def serving(replies: Mapping[str, Reply]) -> Iterator[int]:
    """Serve paths until the end of the block, 404 for others; yields the port."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            reply = replies.get(self.path)
            if reply is None:
                self.send_error(404)
                return
            time.sleep(reply.delay)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            if reply.location:
                self.send_header("Location", reply.location)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
