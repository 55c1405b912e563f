"""What a person does on the page, in words."""

import base64
import json

import numpy as np

from tests.waiting import PATIENCE

ENDLESS = {"iterations": 10_000, "stages": [{}] * 9}
"""A dream that no machine ends before somebody stops it."""


class StudioPage:
    """A visit to the Dream tab."""

    def __init__(self, page):
        self.page = page

    def js(self, expression):
        return self.page.evaluate(expression)

    def wait(self, condition):
        from playwright.sync_api import TimeoutError as TooLate

        try:
            self.page.wait_for_function(condition, timeout=PATIENCE * 1000)
        except TooLate:
            last = "{...studio.run.last, trace: null}"
            state = f"JSON.stringify([studio.run.counts, studio.run.busy, {last}])"
            raise AssertionError(f"waited in vain for {condition}: {self.js(state)}") from None

    @property
    def recipe(self):
        return json.loads(self.js("JSON.stringify(studio.state.recipe)"))

    def change(self, **fields):
        self.js(f"studio.state.set({json.dumps(fields)})")

    def type_value(self, field, text):
        self.page.fill(f"#value-{field}", text)
        self.page.press(f"#value-{field}", "Enter")

    def choose(self, group, value):
        self.page.locator(f"#{group} label", has=self.page.locator(f"[value='{value}']")).click()

    def press_dream(self):
        self.page.click("#dream-button")

    def wait_until_done(self):
        self.page.wait_for_selector("#dream[data-state=idle]")
        self.wait("studio.panel.take && !studio.run.busy")

    def dream(self, **fields):
        """Dream with some fields changed and wait for the end; return the page's take."""
        self.change(**fields)
        before = self.js("studio.run.counts.dreams")
        self.press_dream()
        self.wait(f"studio.run.counts.dreams > {before}")
        self.wait_until_done()
        return self.take

    @property
    def take(self):
        return json.loads(
            self.js("JSON.stringify({...studio.panel.take, after: null, before: null})")
        )

    def samples(self, version):
        """Samples of what the page plays: ``before``, ``after``, or the player's own."""
        source = "studio.player" if version == "player" else f"studio.panel.{version}"
        return np.array(self.js(f"Array.from({source}.samples)"), dtype=np.float32)

    def toast(self, kind="error"):
        return self.page.wait_for_selector(f".toast.{kind} p").inner_text()

    def upload(self, path):
        self.choose("starts", "file")
        self.page.set_input_files("#file", str(path))

    def save(self, link, folder, answer=None):
        """Return what a link or, where it asks, the ``answer`` to its dialogue downloads."""
        with self.page.expect_download() as download:
            self.page.click(f"#{link}")
            if answer:
                self.page.click(f"dialog.export button:text-is('{answer}')")
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


def dropped(page, path, tab="Dream"):
    """Drop a file on whatever tab is open."""
    page.page.get_by_role("tab", name=tab).click()
    code = """([name, text]) => {
        const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
        const carried = new DataTransfer();
        carried.items.add(new File([bytes], name, { type: 'audio/wav' }));
        document.body.dispatchEvent(
            new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
    }"""
    page.page.evaluate(code, [path.name, base64.b64encode(path.read_bytes()).decode()])
