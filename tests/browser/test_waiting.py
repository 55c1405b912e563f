"""Visitors who have to wait see where they stand, may leave, and get their turn."""

import pytest
from studio_page import ENDLESS, StudioPage

pytestmark = pytest.mark.browser


def said(page):
    return page.page.inner_text("#status")


def test_a_visitor_who_waits_sees_where_and_for_how_long_may_leave_and_gets_a_turn(visit):
    busy = [StudioPage(visit()) for _ in range(2)]
    for page in busy:
        page.change(**ENDLESS, seconds=10)
        page.press_dream()
        page.page.wait_for_selector("#status:has-text(' of 100000')")
    third = StudioPage(visit())
    third.press_dream()
    third.page.wait_for_selector("#status:has-text('You are next · about')")

    third.press_dream()  # which is Stop now
    third.page.wait_for_selector("#dream[data-state=idle]")
    assert said(third) == ""

    third.change(iterations=30)
    third.press_dream()
    third.page.wait_for_selector("#status:has-text('You are next')")
    busy[0].press_dream()
    third.wait_until_done()
    assert third.take["recipe"]["iterations"] == 30
    busy[1].press_dream()
    for page in busy:
        page.wait_until_done()
        assert page.take["recipe"]["stop_after"] > 0
