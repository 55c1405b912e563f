"""ZIPs that are made while they are sent."""

import asyncio
import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from studio.ui.server import downloads as module
from studio.ui.server.admission import Admission, Room
from studio.ui.server.downloads import Member, ZipResponse, zipped
from tests.ui.streams import LOOP
from tests.waiting import PATIENCE


@given(
    st.dictionaries(
        st.text("abcdefgh", min_size=1), st.text(st.characters(codec="utf-8")), max_size=5
    )
)
def test_a_zip_is_whole_and_says_every_size_before_the_content(texts):
    content = b"".join(zipped(Member(name, text) for name, text in texts.items()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name).decode() for name in archive.namelist()} == texts
        # Bit 3: sizes stand behind the content, which some programs cannot read.
        assert not any(info.flag_bits & 8 for info in archive.infolist())


def test_files_go_in_as_they_are_a_member_at_a_time(tmp_path):
    for name in "ab":
        (tmp_path / name).write_bytes(bytes(100_000))
    parts = list(zipped(Member(name, tmp_path / name) for name in "ab"))
    assert [len(part) >= 100_000 for part in parts] == [True, True, False]
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        assert archive.read("b") == bytes(100_000)


def client(admission):
    async def app(scope, receive, send):
        members = [Member("a.txt", "text")]
        await ZipResponse(admission, "all.zip", members)(scope, receive, send)

    return TestClient(app)


def test_a_zip_waits_for_its_turn_or_is_refused():
    admission = Admission({"download": Room(1, 0, "Come again.", 7.0)})
    answer = client(admission).get("/")
    assert answer.headers["content-disposition"] == 'attachment; filename="all.zip"'
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == ["a.txt"]
    admission.enter("download")
    answer = client(admission).get("/")
    assert answer.status_code == 503 and answer.headers["retry-after"] == "7"


def test_a_slot_is_given_back_when_the_visitor_leaves(tmp_path):
    admission = Admission()

    async def leave_early():
        async def receive():
            await asyncio.sleep(0.01)
            return {"type": "http.disconnect"}

        async def send(message):
            await asyncio.sleep(0.02)

        def endless():
            while True:
                yield Member("a", "text")

        scope = {"type": "http", "method": "GET", "asgi": {"spec_version": "2.3"}}
        await ZipResponse(admission, "a.zip", endless())(scope, receive, send)

    LOOP.run(leave_early(), 5)
    assert admission.load()["download"]["running"] == 0


def test_one_who_takes_nothing_locks_nobody_out(monkeypatch):
    admission = Admission({"download": Room(1, 0, "Come again.", 7.0)})

    async def stay():
        async def for_ever(*_):
            await asyncio.Event().wait()

        scope = {"type": "http", "method": "GET", "asgi": {"spec_version": "2.3"}}
        await ZipResponse(admission, "a.zip", [Member("a", "text")])(scope, for_ever, for_ever)

    with monkeypatch.context() as patched:
        patched.setattr(module, "SLOW_SECONDS", 0.02)
        LOOP.run(stay(), PATIENCE)
    assert client(admission).get("/").status_code == 200


def test_what_waits_to_be_taken_is_small(tmp_path):
    (tmp_path / "a").write_bytes(bytes(5_000_000))
    sent = []

    async def take():
        async def receive():
            await asyncio.Event().wait()

        async def send(message):
            sent.append(len(message.get("body", b"")))

        scope = {"type": "http", "method": "GET", "asgi": {"spec_version": "2.3"}}
        await ZipResponse(Admission(), "a.zip", [Member("a", tmp_path / "a")])(scope, receive, send)

    LOOP.run(take(), PATIENCE)
    assert sum(sent) > 5_000_000 and max(sent) <= 1 << 18
