"""The embedded AWS: moto with its deviations from AWS mended, on a free port of the loopback.

Writes ``listening on <port>`` to stdout when it answers, and ends when its stdin ends, so that it
never outlives the process that started it. ``MOTO_PORT`` is the port at which functions are
invoked.
"""

import functools
import json
import logging
import os
import sys
import threading
import traceback
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

sys.path.insert(0, str(Path(__file__).parent))

import moto_mends  # noqa: E402

# Services whose calls may wait (long polling, synchronous executions, deliveries to functions) and
# so must not hold the lock that serves the others one call at a time.
UNLOCKED = ("/sqs/", "/states/", "/lambda/", "/s3/")


class KeepAliveHandler(WSGIRequestHandler):
    """HTTP/1.1, so that connections live on; without Nagle, which would delay each answer 40 ms."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, *_: Any, **__: Any) -> None:
        """Keeps no access log."""


def failure(environ: dict[str, Any]) -> tuple[str, bytes]:
    """Content type and body of the error for what moto cannot do, in the form of the service."""
    said = traceback.format_exc(limit=-3)
    if "HTTP_X_AMZ_TARGET" in environ:
        body = json.dumps({"__type": "InternalServerError", "message": said})
        return "application/x-amz-json-1.0", body.encode()
    error = f"<Error><Code>InternalError</Code><Message>{escape(said)}</Message></Error>"
    if "/ec2/" in environ.get("HTTP_AUTHORIZATION", ""):
        return "text/xml", f"<Response><Errors>{error}</Errors></Response>".encode()
    return "text/xml", f"<ErrorResponse>{error}</ErrorResponse>".encode()


def create_app(service: Any) -> Any:
    """moto's app for a service, which lets exceptions through instead of hiding them in a page."""
    app = create_backend_app(service)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


class Dispatcher(DomainDispatcherApplication):
    """moto's dispatcher, which otherwise looks through a directory at each call."""

    @functools.cache  # noqa: B019 - there is one dispatcher, for as long as the process lives
    def get_backend_for_host(self, host: str | None) -> Any:
        return super().get_backend_for_host(host)


class OneAtATime:
    """Serves one call at a time: moto checks first and changes later, and is not thread-safe."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.lock = threading.RLock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        scope = environ.get("HTTP_AUTHORIZATION", "").split(",")[0]
        if any(service in scope for service in UNLOCKED):
            return self.serve(environ, start_response)
        with self.lock:
            return self.serve(environ, start_response)

    def serve(self, environ: dict[str, Any], start_response: Any) -> Any:
        try:
            return self.app(environ, start_response)
        except Exception:
            content_type, body = failure(environ)
            headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
            start_response("500 Internal Server Error", headers)
            return [body]


def end_with_parent() -> None:
    """Waits for the end of stdin, which is the end of the parent."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    logging.disable(logging.CRITICAL)
    moto_mends.apply()
    app = OneAtATime(Dispatcher(create_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=KeepAliveHandler)
    server.daemon_threads = True
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(f"listening on {server.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
