"""Connections whose request does not begin are closed; others are not."""

import asyncio
import socket
import threading
import time

import pytest
import uvicorn

from studio.ui.server import header_timeout
from studio.ui.server.header_timeout import ImpatientProtocol

SECONDS = 0.4


@pytest.fixture
def port(monkeypatch):
    monkeypatch.setattr(header_timeout, "HEADER_SECONDS", SECONDS)

    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
            return
        assert scope["type"] == "http"
        time_to_answer = 3 * SECONDS if scope["path"] == "/slow" else 0
        await asyncio.sleep(time_to_answer)
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"well"})

    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", http=ImpatientProtocol)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


def connect(port, content=b""):
    made = socket.create_connection(("127.0.0.1", port), timeout=10)
    made.sendall(content)
    return made


def is_open(connection):
    connection.setblocking(False)
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


def test_half_a_header_is_not_waited_for(port):
    half = connect(port, b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")
    silent = connect(port)
    dripping = connect(port, b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")
    end = time.monotonic() + 2.5 * SECONDS
    while time.monotonic() < end:
        time.sleep(0.1)
        try:
            dripping.sendall(b"a")
        except ConnectionError:
            break
    assert not is_open(half) and not is_open(silent) and not is_open(dripping)


def test_an_answer_may_take_longer(port):
    asked = connect(port, b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert asked.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_body_may_take_longer(port):
    asked = connect(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
    for _ in range(3):
        time.sleep(SECONDS)
        asked.sendall(b"a")
    assert asked.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_kept_connection_is_not_waited_for_either(port):
    asked = connect(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert asked.recv(1000).startswith(b"HTTP/1.1 200")
    asked.sendall(b"GET / HTTP/1.1\r\nHos")
    time.sleep(2.5 * SECONDS)
    while (left := asked.recv(1000)).strip():  # the end of the first answer
        pass
    assert left == b""


def test_a_websocket_stays_open(port):
    asked = connect(
        port,
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )
    assert asked.recv(1000).startswith(b"HTTP/1.1 101")
    time.sleep(2.5 * SECONDS)
    assert is_open(asked)
