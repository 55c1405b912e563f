"""What a person does in the Gallery tab, in words."""

import json


class GalleryPage:
    """A visit to the Gallery tab."""

    def __init__(self, page, open_tab=True):
        self.page = page
        if open_tab:
            page.get_by_role("tab", name="Gallery").click()
        page.wait_for_selector("#gallery[data-ready=true]")

    def js(self, expression):
        return self.page.evaluate(expression)

    def wait(self, condition):
        self.page.wait_for_function(condition)

    @property
    def current(self):
        return self.js("studio.gallery.root.dataset.current")

    @property
    def count(self):
        return self.page.inner_text("#gallery-count")

    @property
    def kept(self):
        return self.js("[...studio.gallery.kept.rows].map(row => studio.gallery.catalogue.id(row))")

    def place(self, unit):
        """Where a sound's point lies in the window."""
        x, y = self.js(f"studio.gallery.map.place(studio.gallery.catalogue.find('{unit}'))")
        box = self.page.locator("#gallery-map").bounding_box()
        return box["x"] + x, box["y"] + y

    def hover(self, unit):
        """Point at a sound and wait until it is heard."""
        heard = self.js("studio.gallery.voice.heard")
        self.page.mouse.move(*self.place(unit), steps=2)
        row = f"studio.gallery.catalogue.find('{unit}')"
        self.wait(
            f"studio.gallery.voice.heard > {heard} && studio.gallery.voice.last?.row === {row}"
        )

    def click(self, unit):
        self.hover(unit)
        self.page.mouse.down()
        self.page.mouse.up()

    def listed(self):
        """Names in the list, from its top."""
        return self.js(
            """[...document.querySelectorAll('#list-body .row')].map(row =>
            [row.offsetTop + new DOMMatrix(getComputedStyle(row).transform).f, row.dataset.row])
            .sort((a, b) => a[0] - b[0]).map(([, row]) => Number(row))"""
        )

    def recipe(self, unit):
        code = f"studio.gallery.catalogue.recipeOf(studio.gallery.catalogue.find('{unit}'))"
        return json.loads(self.js(f"JSON.stringify({code})"))
