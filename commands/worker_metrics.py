"""The worker's own counts and gauges, at an address of its own."""

import logging
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client.registry import Collector

from core import metrics

LOG = logging.getLogger("yichuang.worker")


def serve(address: tuple[str, int], token: str, collector: Collector) -> ThreadingHTTPServer | None:
    """Answer ``GET /metrics`` in a thread until the process ends; None if the place is taken.

    A second worker of one machine works all the same: figures are worth less than jobs.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            shown = self.headers.get("Authorization", "").removeprefix("Bearer ")
            is_right = secrets.compare_digest(shown.encode(), token.encode())
            if self.path != "/metrics" or (token and not is_right):
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            content = metrics.exposition(collector)
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", metrics.CONTENT_TYPE)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_facts: object) -> None:
            """Nothing: Prometheus asks every few seconds."""

    try:
        server = ThreadingHTTPServer(address, Handler)
    except OSError as error:
        LOG.warning("metrics are not served: %s", error.strerror)
        return None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
