"""The watch over all browsers: what it must catch, and what it must let pass."""

import pytest
from playwright.sync_api import Page

from tests.fixtures.complaints import complaints

pytestmark = pytest.mark.browser


def caught(page: Page, *, anything: bool = True) -> list[str]:
    """What was noted so far, once there is something; the test goes on with a clean sheet."""
    for _pause in range(50 if anything else 2):
        page.wait_for_timeout(100)
        if complaints:
            break
    page.wait_for_timeout(50)
    found, complaints[:] = list(complaints), []
    return found


def test_what_the_pages_do_wrong_is_caught_and_a_refusal_is_nothing_wrong(page: Page) -> None:
    page.goto("/")
    assert caught(page, anything=False) == []

    page.evaluate("() => document.body.setAttribute('style', 'color: red')")
    [style] = caught(page)
    assert "Content Security Policy" in style

    page.evaluate("() => { const image = new Image(); image.src = 'http://127.0.0.1:9/x.png'; }")
    assert any("Content Security Policy" in each for each in caught(page))

    page.evaluate("() => { setTimeout(() => { throw new Error('broken') }, 0) }")
    assert any("broken" in each for each in caught(page))

    page.evaluate("() => { const image = new Image(); image.src = '/static/nothing.png'; }")
    assert any("404" in each for each in caught(page))

    assert page.goto("/no-such-page") is not None
    assert caught(page, anything=False) == []
