"""What a state is: a page as one person may find it, and the way to it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from playwright.sync_api import Page

from tests.browser.catalogue.prepared import Prepared

MAIN_BUTTON = ".govuk-button[type=submit]:not(.govuk-button--secondary)"
"""What the page is for: the button that goes on."""

Way = Callable[[Page], None]
"""What is done on the page once it is open: send an empty form, open what is folded."""

FORM = "main form[method=post]"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One page in one state.

    ``path`` is its address; ``{names}`` in it stand for what ``prepared.py`` made. ``who`` is the
    account that looks at it, nobody if None. A state ``is_error`` if something is refused there.
    """

    name: str
    path: str
    who: str | None = None
    way: Way | None = None
    is_error: bool = False
    is_away: bool = False
    """Whether the person was away so long that the session ended before ``way`` is gone."""
    is_alike: bool = False
    """Whether it is so much like another state that only the whole matrix looks at it."""
    ready: Callable[[Prepared], None] | None = None
    """What is made anew for each visit, because it soon runs out."""


def alike(state: State) -> State:
    """The same state, for the whole matrix only."""
    return replace(state, is_alike=True)


def send(form: str, **typed: str) -> Way:
    """Fill some boxes of the first such form and send it with its first main button."""

    def way(page: Page) -> None:
        unfold(page, form)
        sent = page.locator(form).first
        for name, value in typed.items():
            sent.locator(f"[name$={name}]").first.fill(value)
        button = sent.locator(MAIN_BUTTON)
        with page.expect_navigation():
            (button if button.count() else sent.locator("[type=submit]")).first.click()

    return way


def press(selector: str) -> Way:
    """Press the first of these."""

    def way(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return way


def after(*ways: Way) -> Way:
    """One after the other."""

    def way(page: Page) -> None:
        for each in ways:
            each(page)

    return way


def send_unasked(**typed: str) -> Way:
    """Send the page's form as a browser without script does, whatever its fields say."""

    def way(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(
                "([form, typed]) => { form = document.querySelector(form);"
                " for (const [name, value] of Object.entries(typed))"
                " form.querySelector(`[name$=${name}]`).value = value; form.submit(); }",
                [FORM, typed],
            )

    return way


def show(dialog: str) -> Way:
    """Open a dialog that a script opens when something happens."""

    def way(page: Page) -> None:
        page.evaluate("(id) => document.getElementById(id).showModal()", dialog)

    return way


def unfold_all(page: Page) -> None:
    """Open everything that is folded, so that it is looked at too."""
    page.evaluate(
        "() => document.querySelectorAll('main details').forEach((each) => each.open = true)"
    )


def unfold(page: Page, inside: str) -> None:
    """Open the folded part that holds this selector, if it is folded."""
    if not page.locator(inside).first.is_visible():
        page.locator("details", has=page.locator(inside)).locator("summary").first.click()
