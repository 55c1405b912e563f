"""Play it live, in a real browser: sound flows, changes are heard, recordings replay."""

import functools
import json

import numpy as np
import pytest
import soundfile

from studio.live.log import read_log
from studio.live.replay import replay
from studio.networks.checkpoints import load_model
from tests.browser.live_page import LivePage
from tests.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(visit_once):
    live = LivePage(visit_once())
    return live, live.settings


@pytest.fixture
def live(opened):
    """The tab as a new visitor finds it, on a page that most of these tests share."""
    live, settings = opened
    live.set(**settings)
    live.js("document.querySelectorAll('.toast [aria-label=Dismiss]').forEach(x => x.click())")
    live.page.wait_for_selector(".toast", state="detached")
    return live


@pytest.fixture
def own(visit):
    return LivePage(visit())


@pytest.mark.slow
def test_sound_flows_without_a_gap_and_the_spectrum_follows(live):
    live.start()
    assert live.flows(4)
    assert live.counts["blocks"] > 40  # of 0.1 s
    live.set(cutoff_hz=1500.0)
    assert live.brightness_becomes(lambda hz: hz < 2500)
    live.set(targets=[[0, 3, 1]], cutoff_hz=16_000.0)
    assert live.flows(4)
    live.stop()


def test_what_is_recorded_is_downloaded_and_replays_to_the_last_bit(own, tmp_path, models_folder):
    own.set(seconds=1.0, iterations=4)
    own.start()
    own.play(0.5)
    own.page.click("#live-record")
    for changes in ({"cutoff_hz": 3000.0}, {"targets": [[3, 2, 1.0]]}, {"max_offset": 30}):
        own.set(**changes)
        own.play(0.4)
    own.page.click("#live-preset-1")
    own.play(0.7)
    own.page.click("#live-record")
    wav = own.save("wav", tmp_path)
    log_path = own.save("log", tmp_path)
    own.stop()
    sound, rate = soundfile.read(wav, dtype="float32")
    assert rate == 44_100
    assert soundfile.info(wav).subtype == "FLOAT"
    assert len(sound) > 44_100
    assert np.abs(sound).max() > 0.01
    log = read_log(log_path.read_text())
    assert sum("change" in move for move in log["moves"]) >= 4
    models = functools.cache(lambda *names: load_model(*names, models_folder))
    assert np.array_equal(np.concatenate(list(replay(log, models))), sound)


def test_two_listeners_hear_their_own(visit):
    one, other = LivePage(visit()), LivePage(visit())
    one.set(targets=[[0, 3, 1]], cutoff_hz=16_000.0)
    other.set(cutoff_hz=800.0)
    one.start()
    other.start()
    one.play(1)
    other.play(0.5)
    until(lambda: other.centroid() < one.centroid())  # what is not heard yet has no centroid
    assert other.heard("brightness") < 1600 < one.heard("brightness")
    one.stop()
    other.play(0.3)
    other.stop()


def test_where_no_socket_passes_posts_carry_the_sound(visit):
    live = LivePage(visit(path="/?link=post"))
    live.start()
    assert live.js("studio.live.stream.link.kind") == "post"
    live.play(0.5)
    live.set(cutoff_hz=900.0)
    assert live.brightness_becomes(lambda hz: hz < 1800)
    live.stop()


def test_a_link_opens_the_tab_and_the_first_click_starts_its_settings(visit, server):
    settings = {"cutoff_hz": 2222, "second": {"dataset": "speech", "architecture": "model2",
                "targets": [[3, 1, 1]]}, "morph": 0.25}  # fmt: skip
    page = visit(path=f"/?live={json.dumps(settings)}")
    live = LivePage(page, follow_link=True)
    page.wait_for_selector("#live[data-state=waiting]")
    assert live.settings["cutoff_hz"] == 2222
    page.mouse.click(700, 300)
    live.wait("studio.live.stream.head > 0")
    live.stop()
    page.click("#live-link")
    page.goto(f"{server}/?live=drone")
    live = LivePage(page, follow_link=True)
    assert live.settings["dataset"] == "instruments"


def test_the_second_set_is_chosen_with_the_same_picker_and_faded_to(live):
    page = live.page
    page.click("#live-set label:nth-child(2)")
    page.click("#live-datasets label:has([value=speech])")
    page.click("#live-layer-2")
    page.click("#live-maps [data-map='5']")
    settings = live.settings
    assert settings["dataset"] == "events"
    assert settings["second"] == {
        "dataset": "speech", "architecture": "model2", "targets": [[2, 5, 1]]}  # fmt: skip
    assert settings["morph"] == 0.5
    page.click("#live-set label:nth-child(1)")
    assert page.is_checked("#live-datasets [value=events]")
    page.click("#live-one-set")
    assert live.settings["second"] is None


def test_the_microphone_is_mixed_in_and_noted_in_the_log(live):
    live.set(seconds=1.0)
    live.start()
    live.page.click("#live-microphone")
    live.page.wait_for_selector("#live-microphone[aria-pressed=true]")
    assert live.settings["input_level"] == 0.5
    live.page.click("#live-record")
    live.play(1.5)
    live.page.click("#live-record")
    live.page.wait_for_selector("#live-save-log:not([data-off])")
    log = json.loads(
        live.js("fetch(document.querySelector('#live-save-log').href).then(r => r.text())")
    )
    assert sum("input" in move for move in log["moves"]) > 10
    live.stop()
    live.page.wait_for_selector("#live-microphone[aria-pressed=false]")


def test_frozen_the_sound_goes_round_and_says_so(live):
    live.set(seconds=1.0)
    live.start()
    live.page.click("#live-freeze")
    live.page.wait_for_selector("#live-freeze[aria-pressed=true]")
    excerpts = "studio.live.excerpts"
    live.js(
        "studio.live.stream.on('report', report => { studio.live.excerpts = report.excerpts; })"
    )
    live.play(1)
    before = live.js(excerpts)
    live.play(1.2)
    assert live.js(excerpts) == before
    live.stop()


def test_an_instrument_learns_a_control_and_moves_it(live):
    live.js("navigator.requestMIDIAccess = async () => ({inputs: new Map()})")
    live.page.click("#live-midi")
    live.page.wait_for_selector("#live[data-midi=learning]")
    live.page.click("#live-field-cutoff_hz .name")
    live.js("studio.live.midi.receive([0xb0, 21, 64])")
    live.js("studio.live.midi.receive([0xb0, 21, 127])")
    assert live.settings["cutoff_hz"] >= 22_000
    live.js("studio.live.midi.receive([0xb0, 21, 0])")
    assert live.settings["cutoff_hz"] == 20
    live.js("studio.live.midi.receive([0xb0, 99, 90])")
    live.page.click("#live-midi")
    live.js("studio.live.midi.receive([0xb0, 21, 100])")
    assert live.settings["cutoff_hz"] > 1000


def test_who_finds_no_place_is_told_and_gets_that_of_a_page_that_goes(live, own):
    own.start()
    own.js(  # and three more: there are four places
        "new Promise(resolve => { window.others = [1, 2, 3].map(() => {"
        "const socket = new WebSocket(`ws://${location.host}/studio/live/socket`);"
        "socket.onopen = () => socket.send('{\"settings\": {}}'); return socket; });"
        "let there = 0; others.forEach(socket => (socket.onmessage = ({data}) => {"
        "if (JSON.parse(data).type === 'session' && (there += 1) === 3) resolve(); })); })"
    )
    live.page.click("#live-start")
    assert "places" in live.toast()
    assert live.page.inner_text("#live-start") == "Start"
    own.page.close()
    live.js(
        "(async () => { for (let free = 0; free < 4;) {"
        "const opened = await Promise.all([1, 2, 3, 4].map(() =>"
        "fetch('studio/live/sessions', {method: 'POST', body: '{}'})));"
        "const given = opened.filter(answer => answer.ok); free = given.length;"
        "for (const answer of given) {"
        "const {session} = await answer.json();"
        "await fetch(`studio/live/sessions/${session}/close`, {method: 'POST'}); } } })()"
        ".then(() => true)"
    )
    live.start()
    live.stop()


def test_presets_are_jumped_to_and_ones_own_are_kept(own):
    page = own.page
    page.click("#live-presets-strip button:has-text('Surf')")
    assert own.settings["dataset"] == "speech"
    assert own.settings["max_offset"] == 256
    page.wait_for_selector("#live-presets-strip [aria-pressed=true]:has-text('Surf')")
    own.set(max_offset=99)
    page.click("#live-keep")
    page.click("#live-presets-strip button:has-text('Drone')")
    page.reload()
    again = LivePage(page)
    page.click("#live-presets-strip button:has-text('Mine 1')")
    assert again.settings["max_offset"] == 99
    page.focus("#live-presets-strip button:has-text('Mine 1')")
    page.keyboard.press("Delete")
    page.wait_for_selector("#live-presets-strip button:has-text('Mine 1')", state="detached")


def test_the_tab_is_played_with_the_keyboard_and_fits_a_phone(visit):
    live = LivePage(visit(width=390, height=844))
    live.js("document.activeElement.blur()")
    live.page.keyboard.press("Enter")
    live.wait("studio.live.stream.running")
    live.page.keyboard.press("f")
    assert live.settings["freeze"] is True
    live.page.keyboard.press("Enter")
    live.page.wait_for_selector("#live[data-state=idle]")
    assert live.js("document.documentElement.scrollWidth") <= 390


def test_what_the_studio_refuses_is_said_and_the_sound_goes_on(live):
    live.start()
    live.set(targets=[[3, 99_999, 1]])
    assert "map=99999" in live.toast()
    live.play(0.5)
    live.stop()


def test_every_control_has_a_name_and_no_id_is_there_twice(live):
    twice = live.js(
        "[...document.querySelectorAll('[id]')].map(e => e.id)"
        ".filter((id, i, all) => id && all.indexOf(id) !== i && /live|dream|field|value/.test(id))"
    )
    assert twice == []
    nameless = live.js(
        "[...document.querySelectorAll('#live button, #live input')].filter(e => "
        "!(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length))"
        ".map(e => e.outerHTML)"
    )
    assert nameless == []
