"""Whose page asks, and by what name it calls this machine."""

import socket

import pytest

from studio.ui.server.origins import is_local_name


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:7860",
        "LOCALHOST:7860",
        "127.0.0.1",
        "127.0.0.1:7860",
        "192.168.1.20:7860",
        "[::1]:7860",
        "[fe80::1]",
        "studio.localhost:7860",
        "kitchen.local",
        "kitchen:7860",
        socket.gethostname(),
        "localhost.",
    ],
)
def test_names_that_only_this_machine_or_its_neighbours_have_are_local(host):
    assert is_local_name(host)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7860",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example.",
        "[::1].evil.example",
        "[::1",
        "",
        ":7860",
    ],
)
def test_names_that_somebody_may_buy_are_not(host):
    assert not is_local_name(host)


def test_a_name_may_be_allowed():
    assert is_local_name("studio.example.org:443", ("studio.example.org",))
