"""Programs that leave are computed for no longer."""

import asyncio

import pytest

from studio.errors import GoneError
from studio.ui.server import listeners as module
from studio.ui.server.listeners import Listeners, Listening
from tests.ui.streams import LOOP


@pytest.fixture
def listeners():
    return Listeners()


async def answered(listeners, path, query=b""):
    """Answer a request for as long as the returned event is not set."""
    go = asyncio.Event()

    async def app(scope, receive, send):
        await go.wait()

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query}
    task = asyncio.ensure_future(Listening(app, listeners)(scope, None, None))
    await asyncio.sleep(0)
    return go, task


@pytest.mark.parametrize(
    ("path", "query", "session"),
    [
        ("/gradio_api/queue/data", b"session_hash=abc", "abc"),
        ("/gradio_api/call/dream/xyz", b"", "xyz"),
        ("/gradio_api/call/v2/dream/xyz", b"", "xyz"),
    ],
)
def test_an_open_stream_is_counted_until_it_ends(listeners, path, query, session):
    async def watch():
        go, task = await answered(listeners, path, query)
        during = listeners.is_listening(session)
        go.set()
        await task
        return during, listeners.is_listening(session)

    assert LOOP.run(watch()) == (True, False)


def test_other_requests_are_not_counted(listeners):
    async def watch():
        go, task = await answered(listeners, "/studio/models.json", b"session_hash=abc")
        during = listeners.is_listening("abc")
        go.set()
        await task
        return during

    assert not LOOP.run(watch())


async def forever(ended):
    try:
        await asyncio.sleep(60)
    finally:
        ended.append(True)


def test_work_ends_within_a_second_when_its_program_leaves(listeners):
    async def watch():
        ended = []
        listeners.begin("abc")
        working = asyncio.ensure_future(listeners.while_listening("abc", forever(ended)))
        await asyncio.sleep(2 * module.LOOKED_EVERY_SECONDS)
        assert not working.done()
        listeners.end("abc")
        with pytest.raises(GoneError):
            await asyncio.wait_for(working, 1)
        return ended

    assert LOOP.run(watch()) == [True]


def test_nothing_is_computed_before_its_program_listens(listeners, monkeypatch):
    """One that is killed between asking and listening costs no place among the dreams."""
    monkeypatch.setattr(module, "BEGIN_SECONDS", 0.05)

    async def watch():
        begun = []

        async def work():
            begun.append(True)

        with pytest.raises(GoneError):
            await listeners.while_listening("abc", work())
        assert not begun and not listeners._awaited
        working = asyncio.ensure_future(listeners.while_listening("abc", work()))
        await asyncio.sleep(0)
        listeners.begin("abc")
        await working
        return begun

    assert LOOP.run(watch()) == [True]


def test_a_program_that_leaves_between_two_looks_is_noticed(listeners):
    async def watch():
        ended = []
        working = asyncio.ensure_future(listeners.while_listening("abc", forever(ended)))
        await asyncio.sleep(0)
        listeners.begin("abc")
        await asyncio.sleep(0.01)
        listeners.end("abc")
        with pytest.raises(GoneError):
            await working
        return ended

    assert LOOP.run(watch()) == [True]


def test_work_ends_when_it_is_cancelled(listeners):
    async def watch():
        ended = []
        listeners.begin("abc")
        working = asyncio.ensure_future(listeners.while_listening("abc", forever(ended)))
        await asyncio.sleep(0.01)
        working.cancel()
        await asyncio.wait({working}, timeout=1)
        await asyncio.sleep(0)
        return ended

    assert LOOP.run(watch()) == [True]


def test_a_program_that_never_listens_is_waited_for_a_while_only(listeners, monkeypatch):
    monkeypatch.setattr(module, "BEGIN_SECONDS", 0.1)
    with pytest.raises(GoneError):
        LOOP.run(listeners.while_listening("abc", forever([])))


def test_an_answer_comes_through(listeners):
    async def answer():
        return 3

    listeners.begin("abc")
    assert LOOP.run(listeners.while_listening("abc", answer())) == 3
