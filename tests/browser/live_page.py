"""What a person does on the Live tab, in words."""

import json
from statistics import median

from tests.waiting import PATIENCE


class LivePage:
    """A visit to the Live tab."""

    def __init__(self, page, follow_link=False):
        self.page = page
        if not follow_link:
            page.get_by_role("tab", name="Live").click()
        page.wait_for_selector("#live[data-ready=true]")

    def js(self, expression):
        return self.page.evaluate(expression)

    def wait(self, condition, timeout=PATIENCE):
        self.page.wait_for_function(condition, timeout=timeout * 1000)

    def start(self):
        self.page.click("#live-start")
        self.wait("studio.live.stream.running && studio.live.stream.head > 0")

    def stop(self):
        self.page.click("#live-start")
        self.page.wait_for_selector("#live[data-state=idle]")

    def play(self, seconds):
        """Let so much more sound be heard."""
        end = self.js("studio.live.stream.seconds") + seconds
        self.wait(f"studio.live.stream.seconds >= {end}", timeout=PATIENCE + 6 * seconds)

    def flows(self, seconds):
        """Play for so long without a gap.

        A machine that is busy with other things may cause one here and there. A page or a studio
        that is at fault makes them again and again.
        """
        for _ in range(6):
            gaps = self.counts["underruns"]
            self.play(seconds)
            if self.counts["underruns"] == gaps:
                return True
        return False

    def set(self, **changes):
        self.js(f"studio.live.state.set({json.dumps(changes)})")

    @property
    def settings(self):
        return self.js("studio.live.state.recipe")

    @property
    def counts(self):
        return self.js("({...studio.live.stream.counts, load: studio.live.picture.points.length})")

    def heard(self, feature, seconds=0.5):
        """The mean of a feature over what was heard last."""
        return self.js(
            f"(() => {{ const {{stream, picture}} = studio.live;"
            f"const heard = picture.points.filter(p => p.at <= stream.head"
            f" && p.at > stream.head - {seconds} * 44100);"
            f"return heard.reduce((sum, p) => sum + p.{feature}, 0) / heard.length; }})()"
        )

    def centroid(self):
        """Brightness in Hz of what the browser plays now, measured in the browser."""
        return self.js(
            "(() => { const {analyser} = studio.live.stream;"
            "const levels = new Float32Array(1024); analyser.getFloatFrequencyData(levels);"
            "let sum = 0, moment = 0;"
            "levels.forEach((db, bin) => { const size = 10 ** (db / 20);"
            "sum += size; moment += size * bin * 44100 / 2048; });"
            "return moment / sum; })()"
        )

    def brightness_becomes(self, rule, tries=40):
        """Tell whether what the browser plays gets as bright as the rule says."""
        for _ in range(tries):
            heard = [hz for _ in range(5) if (hz := self.centroid()) is not None]
            if heard and rule(median(heard)):  # silence has no brightness
                return True
            self.play(0.2)
        return False

    def toast(self, kind="error"):
        return self.page.wait_for_selector(f".toast.{kind} p").inner_text()

    def save(self, link, folder):
        with self.page.expect_download() as download:
            self.page.click(f"#live-save-{link}")
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path
