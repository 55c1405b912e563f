"""Ports and addresses."""

import socket

import pytest

from studio.errors import StudioError
from studio.ui.app import choose_host, choose_port, is_free


@pytest.fixture
def no_environment(monkeypatch):
    for name in ("PORT", "GRADIO_SERVER_PORT", "GRADIO_SERVER_NAME", "SPACE_ID"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def taken():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_taken_port_is_said_to_be(no_environment, taken):
    with pytest.raises(StudioError, match=f"Port {taken} is taken.*--port"):
        choose_port(taken, "127.0.0.1")


def test_the_environment_chooses_and_the_option_overrules(no_environment, monkeypatch):
    monkeypatch.setenv("GRADIO_SERVER_PORT", "45677")
    assert choose_port(None, "127.0.0.1") == 45677
    monkeypatch.setenv("PORT", "45678")
    assert choose_port(None, "127.0.0.1") == 45678
    assert choose_port(45679, "127.0.0.1") == 45679


@pytest.mark.parametrize("value", ["http", "-1", "7.5"])
def test_a_port_that_is_none_is_refused(no_environment, monkeypatch, value):
    monkeypatch.setenv("PORT", value)
    with pytest.raises(StudioError, match="port"):
        choose_port(None, "127.0.0.1")


def test_without_a_wish_a_free_one_is_found(no_environment):
    assert is_free(choose_port(None, "127.0.0.1"), "127.0.0.1")


def test_only_a_space_listens_to_everyone(no_environment, monkeypatch):
    assert choose_host() == "127.0.0.1"
    monkeypatch.setenv("SPACE_ID", "someone/studio")
    assert choose_host() == "0.0.0.0"
