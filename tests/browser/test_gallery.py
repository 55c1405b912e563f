"""Walking around in a small real gallery: hear, keep, filter, take home, open in Dream."""

import io
import zipfile

import numpy as np
import pandas as pd
import pytest
import soundfile
from gallery_page import GalleryPage
from studio_page import ENDLESS, StudioPage

from studio.dreaming.recipe import Recipe
from studio.dreaming.wav import read_recipe
from studio.sound.levels import listening_level

pytestmark = pytest.mark.browser

UNIT = "instruments-model1-1-21"


@pytest.fixture(scope="module")
def page(visit_once, gallery):
    """The tab for those who keep nothing and put the filters back."""
    return GalleryPage(visit_once())


def test_without_a_gallery_the_tab_says_how_to_build_one(visit, gallery_place):
    aside = gallery_place.with_name("aside")
    if gallery_place.exists():
        gallery_place.rename(aside)
    try:
        page = visit()
        page.get_by_role("tab", name="Gallery").click()
        page.wait_for_selector("#gallery[data-ready=true]")
        told = page.inner_text("#gallery-empty")
        assert "not built yet" in told and "studio gallery build" in told
    finally:
        if aside.exists():
            aside.rename(gallery_place)


def test_a_point_is_heard_and_seen_when_it_is_pointed_at(visit, gallery):
    page = GalleryPage(visit())
    assert "44 of 48 sounds are here. studio gallery build" in page.page.inner_text(
        "#gallery-notice"
    )
    page.hover(UNIT)
    assert page.current == UNIT
    assert page.js(
        "studio.gallery.voice.kept.get(studio.gallery.current).duration"
    ) == pytest.approx(1)
    page.wait("studio.gallery.sheet.drawn > 0")
    assert page.page.inner_text("#unit-title") == "Layer 1, map 21"
    shown = page.page.inner_text("[data-feature=brightness_mean] output >> nth=-1")
    row = gallery.table.query("dataset == 'instruments' and layer == 1 and map == 21").iloc[0]
    kilohertz = float(shown.split()[0]) * (1000 if "kHz" in shown else 1)
    assert kilohertz == pytest.approx(row["brightness_mean"], rel=0.05)
    page.wait("document.querySelectorAll('#alike .like').length === 12")
    page.wait("studio.gallery.voice.kept.size > 5")  # what lies around is fetched ahead
    page.page.mouse.move(5, 5)
    page.hover(UNIT)
    assert page.js("studio.gallery.voice.last.cached") is True


def test_what_is_heard_is_the_sound_at_listening_level(page, gallery):
    page.hover(UNIT)
    row = gallery.table.query("dataset == 'instruments' and layer == 1 and map == 21").iloc[0]
    data = (gallery.folder / row["file"]).read_bytes()
    data = data[row["offset_bytes"] : row["offset_bytes"] + row["bytes"]]
    decoded, _ = soundfile.read(io.BytesIO(data), dtype="float32")
    wanted = listening_level(decoded[:44_100])
    heard = np.array(
        page.js(
            "Array.from(studio.gallery.voice.kept.get(studio.gallery.current).getChannelData(0))"
        )
    )
    assert np.abs(heard).max() <= 10 ** (-1 / 20) + 1e-6
    assert rms_db(heard) == pytest.approx(rms_db(wanted), abs=0.3)
    lag = np.argmax(np.correlate(heard[:8000], wanted[:4000]))
    assert lag < 60  # decoders differ by a few samples in where they begin
    alike = np.corrcoef(heard[lag : lag + 30_000], wanted[:30_000])[0, 1]
    assert alike > 0.99


def rms_db(sound):
    return 20 * np.log10(np.sqrt(np.mean(np.square(sound))))


def test_filters_change_map_count_and_list_together(page, gallery):
    assert page.count == "44 sounds"
    page.page.click("#list-toggle")
    page.page.click("#filter-dataset [data-kind=speech]")
    assert page.count == "28 of 44"
    page.page.click("#filter-layer [data-kind='2']")
    assert page.count == "4 of 44"
    assert page.js("studio.gallery.filters.visible.reduce((sum, one) => sum + one)") == 4
    page.page.click("#list-head [data-name=brightness_mean]")
    rows = page.listed()
    brightness = gallery.table["brightness_mean"].iloc[rows]
    assert len(rows) == 4 and brightness.is_monotonic_decreasing
    page.page.hover(f"#list-{rows[2]} span >> nth=0")
    page.wait(
        f"studio.gallery.voice.last?.row === {rows[2]} && studio.gallery.current === {rows[2]}"
    )
    page.page.click("#list-head [data-name=brightness_mean]")
    assert page.listed() == rows[::-1]
    page.page.click("#filters-reset")
    assert page.count == "44 sounds"
    low = page.page.locator("#ranges [data-feature=loudness_mean] input").first
    low.focus()
    for _ in range(12):
        page.page.keyboard.press("PageUp")
    shown = page.js("[...studio.gallery.filters.visible]")
    loudness = gallery.table["loudness_mean"]
    assert 0 < sum(shown) < 44
    assert loudness[np.array(shown) == 1].min() >= loudness[np.array(shown) == 0].max()
    page.page.click("#filters-reset")
    page.page.click("#list-toggle")


def test_classes_are_found_by_name(page, gallery):
    label = gallery.table.query("label != ''")["label"].iloc[1]
    page.page.fill("#gallery-search", label.upper())
    rows = page.js("[...studio.gallery.filters.visible].flatMap((on, row) => on ? [row] : [])")
    assert rows and all(label in gallery.table["label"].iloc[row] for row in rows)
    page.page.fill("#gallery-search", "no such class")
    assert "No sound is like that" in page.page.inner_text("#gallery-empty")
    page.page.click("#gallery-empty button")
    assert page.count == "44 sounds"


def test_axes_and_colours_can_be_anything_measured(page, gallery):
    options = page.js("[...document.querySelector('#axis-x').options].map(o => o.value)")
    assert {"likeness", "loudness_mean", "roughness_sd", "dataset", "layer"} <= set(options)
    page.page.select_option("#axis-x", "brightness_mean")
    assert page.js("document.querySelector('#axis-y').value") == "noisiness_mean"
    page.wait("studio.gallery.map.xs[0] === studio.gallery.map.x.places[0]")  # they have moved
    across = np.array(page.js("[...studio.gallery.map.x.places]"))
    order = np.argsort(gallery.table["brightness_mean"].to_numpy(), kind="stable")
    assert (np.diff(across[order]) >= 0).all()
    assert across.min() == 0 and across.max() == 1
    page.page.select_option("#colour-by", "layer")
    index = np.array(page.js("[...studio.gallery.map.index]"))
    layers = gallery.table["layer"].to_numpy()
    assert all(len(set(index[layers == layer])) == 1 for layer in set(layers))
    assert (np.diff(index[np.argsort(layers, kind="stable")]) >= 0).all()
    assert "layer 6" in page.page.inner_text("#legend")
    page.page.select_option("#axis-y", "likeness")
    assert page.js("document.querySelector('#axis-x').value") == "likeness"


def test_the_keyboard_walks_plays_and_keeps(visit, gallery):
    page = GalleryPage(visit())
    page.page.locator("#gallery-map").focus()
    page.page.keyboard.press("ArrowRight")
    first = page.current
    page.page.keyboard.press("ArrowRight")
    second = page.current
    assert first and second and first != second
    (x1, _), (x2, _) = page.place(first), page.place(second)
    assert x2 > x1
    page.wait(f"studio.gallery.catalogue.id(studio.gallery.voice.last?.row ?? 0) === '{second}'")
    page.wait("studio.gallery.voice.playing === null")  # a second is over
    heard = page.js("studio.gallery.voice.heard")
    page.page.keyboard.press(" ")
    page.wait(f"studio.gallery.voice.heard === {heard + 1}")
    stopped = page.js(
        """async () => {
        await studio.gallery.voice.hear(studio.gallery.current);
        const playing = studio.gallery.voice.playing !== null;
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true }));
        return [playing, studio.gallery.voice.playing];}"""
    )
    assert stopped == [True, None]
    page.page.keyboard.press("Enter")
    assert page.kept == [second]
    unnamed = page.js(
        """[...document.querySelectorAll('.gallery :is(button, input, select, a)')].filter(e =>
        e.offsetParent && !e.innerText && !e.getAttribute('aria-label')
        && !e.labels?.length).map(e => e.outerHTML)"""
    )
    assert unnamed == []


def test_what_is_kept_goes_home_as_a_zip(visit, gallery, tmp_path):
    page = GalleryPage(visit())
    units = [UNIT, "speech-model2-3-0"]
    for unit in units:
        page.click(unit)
    assert page.kept == units
    page.page.click("#kept-zip")
    assert page.js("document.activeElement.closest('dialog.export') !== null")
    with page.page.expect_download() as download:
        page.page.click("dialog.export button:text('Untouched WAV')")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    archive = zipfile.ZipFile(path)
    table = pd.read_csv(io.BytesIO(archive.read("sounds.csv")), keep_default_na=False)
    assert table["file"].tolist() == [
        "instruments-model1-L1-m21-s22.wav",
        f"speech-model2-L3-m0-s{page.recipe(units[1])['seed']}.wav",
    ]
    for unit, (_, row) in zip(units, table.iterrows(), strict=True):
        wav = tmp_path / row["file"]
        wav.write_bytes(archive.read(row["file"]))
        sound, rate = soundfile.read(wav, dtype="float32")
        assert (sound.size, rate) == (44_100, 44_100)
        assert read_recipe(wav) == Recipe.from_json(row["recipe"])
        assert read_recipe(wav) == Recipe.from_dict(page.recipe(unit))
        assert np.sqrt(np.mean(sound**2)) == pytest.approx(row["loudness_mean"], rel=0.2)
    page.page.reload()
    page = GalleryPage(page.page, open_tab=False)  # the address remembers the sound
    assert page.kept == units


def test_a_link_opens_a_sound_and_dream_takes_it_over(visit, gallery):
    page = GalleryPage(visit(path=f"/?unit={UNIT}"), open_tab=False)
    assert page.current == UNIT
    page.wait("studio.gallery.sheet.drawn > 0")
    recipe = page.recipe(UNIT)
    assert recipe["seed"] == 22 and recipe["iterations"] == 5
    page.page.click("#unit-dream")
    studio = StudioPage(page.page)
    page.page.wait_for_selector("#dream-button", state="visible")
    studio.wait("studio.state.recipe.seed === 22")
    assert Recipe.from_dict(studio.recipe) == Recipe.from_dict(recipe)
    assert page.page.input_value("#value-iterations") == "5"
    assert page.page.locator(".tile[aria-selected=true]").get_attribute("data-map") == "21"
    assert "unit=" not in page.page.url
    take = studio.dream()
    assert take["recipe"] == recipe | {"targets": [[1, 21, 1]]}


def test_a_link_to_a_sound_that_is_not_there_gets_a_sentence(visit, gallery):
    page = GalleryPage(visit(path="/?unit=speech-model9-1-1"), open_tab=False)
    assert "speech-model9-1-1" in page.page.wait_for_selector(".toast.error p").inner_text()


def test_sounds_like_a_recording_are_found(page, gallery, tmp_path):
    row = gallery.table.iloc[17]
    data = (gallery.folder / row["file"]).read_bytes()
    path = tmp_path / "mine.mp3"
    path.write_bytes(data[row["offset_bytes"] : row["offset_bytes"] + row["bytes"]])
    page.page.set_input_files("#like-file", str(path))
    page.wait("document.querySelector('#alike-label').textContent === 'Like mine.mp3'")
    assert page.js("studio.gallery.current") == 17
    page.page.set_input_files("#like-file", files=[file("empty.wav", b"")])
    assert "empty" in page.page.wait_for_selector(".toast.error p").inner_text()


def file(name, content):
    return {"name": name, "mimeType": "audio/wav", "buffer": content}


def test_the_gallery_answers_while_a_dream_is_running(visit, gallery):
    page = visit()
    studio = StudioPage(page)
    studio.change(**ENDLESS)
    studio.press_dream()
    studio.wait("studio.run.counts.previews > 0")
    tab = GalleryPage(page)
    tab.hover(UNIT)
    assert tab.js("studio.run.busy") is True
    page.get_by_role("tab", name="Dream").click()
    studio.press_dream()
    studio.wait_until_done()


def test_a_phone_has_it_all_in_one_column(visit, gallery):
    page = GalleryPage(visit(390, 844, has_touch=True, is_mobile=True))
    assert page.page.inner_text("#unit-title") == "Tap to hear"
    page.page.touchscreen.tap(*page.place(UNIT))
    page.wait("studio.gallery.voice.heard > 0")
    assert page.current == UNIT and page.kept == []
    page.page.click("#unit-keep")
    assert page.kept == [UNIT]
    page.page.click("#drawer-toggle")
    page.page.click("#list-toggle")
    page.page.click("#filter-layer [data-kind='1']")
    assert page.count == "8 of 44"
    assert page.js("document.documentElement.scrollWidth") <= 390
