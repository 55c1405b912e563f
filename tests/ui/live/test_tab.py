"""The Live tab offers everything that can be changed, under ids of its own."""

import re

from studio.live.settings import live_controls
from studio.ui.dream.tab import _page
from studio.ui.live.tab import page_html
from studio.ui.static_files import text_of


def ids(html):
    return re.findall(r'\bid="([^"]+)"', html)


def test_every_setting_has_a_control():
    found = set(ids(page_html()))
    for name in live_controls():
        if name in ("dataset", "architecture"):
            assert f"live-{name}s" in found
        elif name == "targets":
            assert {"live-network", "live-maps", "live-chips", "live-set"} <= found
        elif name == "initial":
            assert "live-starts" in found
        elif name == "freeze":
            assert "live-freeze" in found
        else:
            assert f"live-field-{name}" in found


def test_no_id_is_twice_on_the_page():
    others = ("header", "gallery", "models", "experiments", "about")
    found = ids(page_html() + _page() + "".join(text_of(f"{name}.html") for name in others))
    assert len(found) > 300
    assert {name for name in found if found.count(name) > 1} == set()


def test_the_real_time_values_of_the_paper_are_the_way_home():
    html = page_html()
    for name, value in (("iterations", "10"), ("learning_rate", "0.04")):
        field = html[html.index(f'id="live-field-{name}"') :]
        assert f">paper {value}</button>" in field[:600]
