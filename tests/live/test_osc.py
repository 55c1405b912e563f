import threading

import pytest
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer
from pythonosc.udp_client import SimpleUDPClient

from studio.errors import ParameterError
from studio.live.osc import Osc
from tests.waiting import PATIENCE


class Desk:
    """Keeps what OSC asked for."""

    def __init__(self):
        self.asked = []
        self.came = threading.Semaphore(0)

    def change(self, changes, seconds):
        self.asked.append((dict(changes), seconds))
        self.came.release()


@pytest.fixture
def outside():
    """Another program: what it hears."""
    heard, came = [], threading.Semaphore(0)

    def hear(address, *values):
        heard.append((address, *values))
        came.release()

    dispatcher = Dispatcher()
    dispatcher.set_default_handler(hear)
    server = BlockingOSCUDPServer(("127.0.0.1", 0), dispatcher)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address, heard, came
    server.shutdown()
    server.server_close()


@pytest.fixture
def desk_and_osc(outside):
    desk = Desk()
    osc = Osc(desk.change, 0, outside[0])
    yield desk, osc
    osc.close()


def test_messages_from_another_program_change_settings(desk_and_osc):
    desk, osc = desk_and_osc
    client = SimpleUDPClient("127.0.0.1", osc.port)
    second = {"dataset": "speech", "architecture": "model2", "targets": [[1, 2, 1.0]]}
    sent = [
        ("/live/cutoff_hz", [4000.0], {"cutoff_hz": 4000.0}, 0.0),
        ("/live/freeze", [1], {"freeze": True}, 0.0),
        ("/live/targets", [3, 4], {"targets": [[3, 4, 1.0]]}, 0.0),
        ("/live/targets", [3, 4, 0.5, 1, -1, 2.0],
         {"targets": [[3, 4, 0.5], [1, None, 2.0]]}, 0.0),
        ("/live/second", [], {"second": None}, 0.0),
        ("/live/second", ["speech", "model2", 1, 2], {"second": second}, 0.0),
        ("/live/dataset", ["speech"], {"dataset": "speech"}, 0.0),
    ]  # fmt: skip
    for address, values, changes, seconds in sent:
        client.send_message(address, values)
        assert desk.came.acquire(timeout=PATIENCE)
        assert desk.asked[-1] == (changes, seconds)


def test_a_glide_holds_for_what_follows_and_presets_have_their_own(desk_and_osc):
    desk, osc = desk_and_osc
    osc.receive("/live/glide", 2.5)
    osc.receive("/live/morph", 1.0)
    osc.receive("/live/preset", "drone", 7)
    osc.receive("/live/preset", "Drone")
    assert [seconds for _, seconds in desk.asked] == [2.5, 7.0, 2.5]
    assert desk.asked[1][0]["dataset"] == "instruments"


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("/elsewhere", [1]),
        ("/live/volume", [1]),
        ("/live/cutoff_hz", [-5.0]),
        ("/live/cutoff_hz", []),
        ("/live/cutoff_hz", ["dark"]),
        ("/live/targets", [1]),
        ("/live/targets", [1, 2, 3, 4]),
        ("/live/second", ["speech"]),
        ("/live/preset", ["none"]),
        ("/live/preset", []),
        ("/live/glide", [-1]),
        ("/live/preset", ["drone", "slowly"]),
    ],
)
def test_what_makes_no_sense_is_answered_with_an_error(desk_and_osc, outside, address, values):
    desk, osc = desk_and_osc
    osc.receive(address, *values)
    _, heard, came = outside
    assert came.acquire(timeout=PATIENCE)
    assert heard[-1][0] == "/live/error"
    assert desk.asked == []


def test_reports_go_out(desk_and_osc, outside):
    _, osc = desk_and_osc
    _, heard, came = outside
    osc.report({"type": "report", "features": {"loudness": 0.25}, "load": 0.5})
    osc.report({"type": "changed", "changes": {}})
    osc.report({"type": "refused", "message": "No."})
    for _ in range(3):
        assert came.acquire(timeout=PATIENCE)
    assert heard == [("/live/loudness", 0.25), ("/live/load", 0.5), ("/live/error", "No.")]


def test_a_port_that_is_taken_is_told(desk_and_osc):
    _, osc = desk_and_osc
    with pytest.raises(ParameterError, match=str(osc.port)):
        Osc(lambda *_: None, osc.port)
