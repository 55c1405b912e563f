"""Connections whose request does not begin are closed; others are not.

Time passes when a test says so: what is pending then goes off.
"""

import asyncio
import socket
import threading

import pytest
import uvicorn

from studio.ui.server import header_timeout
from studio.ui.server.header_timeout import ImpatientProtocol
from tests.waiting import PATIENCE, until


class Server:
    """A real server, its connections, and an app that answers when it is let."""

    def __init__(self):
        self.connections = []
        self.asked, self.may_answer = threading.Event(), threading.Event()
        server = self

        class Noted(ImpatientProtocol):
            def connection_made(self, transport):
                super().connection_made(transport)
                server.connections.append(self)

        config = uvicorn.Config(
            self.app, port=0, log_level="error", lifespan="off", http=Noted, interface="asgi3"
        )
        self.uvicorn = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.uvicorn.run, daemon=True)
        self.thread.start()
        until(lambda: self.uvicorn.started)
        self.port = self.uvicorn.servers[0].sockets[0].getsockname()[1]

    async def app(self, scope, receive, send):
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
            return
        assert scope["type"] == "http"
        self.asked.set()
        while scope["path"] == "/slow" and not self.may_answer.is_set():
            await asyncio.sleep(0.01)
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"well"})

    def connect(self, content=b""):
        """Connect and send; return when the server has it."""
        before = len(self.connections)
        made = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        until(lambda: len(self.connections) > before)
        made.sendall(content)
        return made

    def time_passes(self):
        """Let the timers of all connections go off, and wait until that is done."""
        done = threading.Event()

        def go_off():
            for connection in self.connections:
                if connection._waiting is not None:
                    connection._waiting.cancel()
                    connection._give_up()
            done.set()

        self.connections[0].loop.call_soon_threadsafe(go_off)
        assert done.wait(PATIENCE)

    def close(self):
        self.uvicorn.should_exit = True
        self.thread.join(PATIENCE)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(header_timeout, "HEADER_SECONDS", 3600.0)
    made = Server()
    yield made
    made.close()


def is_closed(connection):
    """Wait until the other side closes, and tell whether it did without a word."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_the_wait_for_a_header_ends_by_itself(server, monkeypatch):
    monkeypatch.setattr(header_timeout, "HEADER_SECONDS", 0.05)
    assert is_closed(server.connect(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "))


def test_half_a_header_is_not_waited_for(server):
    half = server.connect(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")
    silent = server.connect()
    dripping = server.connect(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")
    first = server.connections[2]._waiting
    dripping.sendall(b"a")
    assert first is not None and server.connections[2]._waiting is first  # more does not help
    server.time_passes()
    assert is_closed(half) and is_closed(silent) and is_closed(dripping)


def test_an_answer_may_take_longer(server):
    asked = server.connect(b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert server.asked.wait(PATIENCE)
    server.time_passes()
    server.may_answer.set()
    assert asked.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_body_may_take_longer(server):
    asked = server.connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
    assert server.asked.wait(PATIENCE)
    for _ in range(3):
        server.time_passes()
        asked.sendall(b"a")
    assert asked.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_kept_connection_is_not_waited_for_either(server):
    asked = server.connect(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert asked.recv(1000).startswith(b"HTTP/1.1 200")
    asked.sendall(b"GET / HTTP/1.1\r\nHos")
    until(lambda: server.connections[0]._waiting is not None)
    server.time_passes()
    while (left := asked.recv(1000)).strip():  # the end of the first answer
        pass
    assert left == b""


def test_a_websocket_stays_open(server):
    asked = server.connect(
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )
    assert asked.recv(1000).startswith(b"HTTP/1.1 101")
    server.time_passes()
    asked.setblocking(False)
    with pytest.raises(BlockingIOError):  # open, and nothing to read
        asked.recv(1)
