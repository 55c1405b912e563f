"""A published record on loopback that behaves as badly as the real ones."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Host:
    """What the server holds and how it misbehaves."""

    url: str
    contents: dict[str, bytes] = field(default_factory=dict)
    drop_after: int | None = None  # bytes a connection delivers before it breaks
    honours_ranges: bool = True
    failures: list[int] = field(default_factory=list)  # statuses of the next answers
    wrong_byte_in: set[int] = field(default_factory=set)  # numbers of full answers to spoil
    requests: list[tuple[str, str | None]] = field(default_factory=list)  # (path, Range)
    full_answers: int = 0

    def address(self, name: str) -> str:
        return f"{self.url}/{name}"


@pytest.fixture
def host() -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            record.requests.append((self.path, wanted))
            content = record.contents.get(self.path.lstrip("/").partition("?")[0])
            status = record.failures.pop(0) if record.failures else 200
            if content is None or status != 200:
                self.send_response(404 if content is None else status)
                self.send_header("Retry-After", "7")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            begin = 0
            if wanted and record.honours_ranges:
                begin = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])
                if begin >= len(content):
                    self.send_response(416)
                    self.send_header("Content-Range", f"bytes */{len(content)}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(206)
                span = f"bytes {begin}-{len(content) - 1}/{len(content)}"
                self.send_header("Content-Range", span)
            else:
                self.send_response(200)
                if record.full_answers in record.wrong_byte_in:
                    content = content[:7] + bytes([content[7] ^ 1]) + content[8:]
                record.full_answers += 1
            body = content[begin:]
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if record.drop_after is not None and len(body) > record.drop_after:
                body = body[: record.drop_after]
                self.close_connection = True
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    record = Host(url=f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield record
    server.shutdown()
    server.server_close()
    thread.join()
