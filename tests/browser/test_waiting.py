"""Visitors who have to wait see where they stand."""

import pytest
from studio_page import StudioPage

pytestmark = pytest.mark.browser


def test_a_visitor_who_waits_sees_where_and_for_how_long(visit):
    busy = [StudioPage(visit()) for _ in range(2)]
    for page in busy:
        page.change(iterations=10_000, seconds=30)
        page.press_dream()
        page.page.wait_for_selector("#status:has-text(' of 10000')")
    third = StudioPage(visit())
    third.press_dream()
    third.page.wait_for_selector("#status:has-text('You are next · about')")
