"""Somebody who has no mouse: Tab, Enter, Space, arrows and letters, and nothing else.

Wherever the focus stops it must be seen: drawn, in the window and under nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

MOST_STOPS = 250
MAIN = "#main-content"

STOP = """(wanted) => {
  const here = document.activeElement;
  if (!here || here === document.body) return {found: false, fault: null, what: "body"};
  const what = here.outerHTML.slice(0, 140);
  const box = here.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width, innerWidth) / 2, 1), innerWidth - 1);
  const y = box.top + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  const mark = (each, part) => {
    const style = getComputedStyle(each, part);
    return style.boxShadow !== "none"
      || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
  };
  // What a script gave the focus to, such as the main part, need not be drawn as chosen.
  const labels = [...(here.labels ?? [])].map((each) => mark(each, "::before"));
  let fault = null;
  if (!box.width || !box.height) fault = "the focus is on nothing that can be seen";
  else if (y < 0 || y > innerHeight) fault = "the focus is outside the window";
  else if (!top || !(here.contains(top) || top.contains(here)
    || [...(here.labels ?? [])].some((each) => each.contains(top))))
    fault = `the focus is under ${top?.outerHTML.slice(0, 80)}`;
  else if (here.tabIndex >= 0 && !mark(here, null) && !labels.some(Boolean))
    fault = "the focus is not drawn";
  return {found: here.matches(wanted), fault, what};
}"""


@dataclass
class Keyboard:
    """One person at a page, with a keyboard alone."""

    page: Page

    def to(self, selector: str, *, back: bool = False) -> None:
        """Press Tab until this has the focus; every stop on the way is looked at."""
        stops = []
        for _ in range(MOST_STOPS):
            stop = self.page.evaluate(STOP, selector)
            assert stop["fault"] is None, f"{stop['fault']}: {stop['what']} at {self.page.url}"
            if stop["found"]:
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            stops.append(stop["what"][:60])
        raise AssertionError(f"no way by keyboard to {selector} at {self.page.url}: {stops[-5:]}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """Go to a link or button and press it."""
        self.to(selector)
        self.page.keyboard.press(key)

    def follow(self, selector: str) -> None:
        """Press a link or button that opens another page, and wait for it."""
        with self.page.expect_navigation(url=lambda url: not url.endswith(MAIN)):
            self.press(selector)

    def skip_to_main(self) -> None:
        """Press the first thing of every page: the link past its head."""
        self.press(".govuk-skip-link")
        expect(self.page.locator(MAIN)).to_be_focused()

    def type(self, selector: str, words: str) -> None:
        """Put words into a box, in place of what is there."""
        self.to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def choose(self, name: str, value: str) -> None:
        """Choose one of a group of radio buttons with the arrows."""
        self.to(f'[name="{name}"]')
        here = f'[name="{name}"][value="{value}"]'
        for _ in range(MOST_STOPS):
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", here):
                break
            self.page.keyboard.press("ArrowDown")
        if not self.page.locator(here).is_checked():
            self.page.keyboard.press("Space")
        assert self.page.locator(here).is_checked(), here

    def tick(self, name: str, value: str) -> None:
        """Tick a box; in a long list by its filter, as anybody would."""
        here = f'[name="{name}"][value="{value}"]'
        box = self.page.locator(here)
        if box.is_checked():
            return
        if self.page.locator("[data-filter]", has=box).count():
            self.to("input.app-filter", back=True)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(value)
        self.press(here, "Space")
        assert box.is_checked(), here

    def select(self, name: str, value: str) -> None:
        """Choose from a list that opens, with the arrows."""
        here = f'select[name="{name}"]'
        self.to(here)
        away = self.page.locator(here).evaluate(
            "(list, value) => [...list.options].findIndex((each) => each.value === value)"
            " - list.selectedIndex",
            value,
        )
        for _ in range(abs(away)):
            self.page.keyboard.press("ArrowDown" if away > 0 else "ArrowUp")
        assert self.page.locator(here).input_value() == value, here

    def answer(self, name: str, value: Any) -> None:
        """Answer one question in the way of its kind; one that is not asked is left alone."""
        if isinstance(value, Mapping):
            for part, words in value.items():
                self.answer(f"{name}-{part}", words)
            return
        fields = self.page.locator(f'[name="{name}"]')
        if not fields.count() or not value or not self._is_asked(name):
            return
        kind = fields.first.evaluate("(each) => each.tagName + each.type")
        if kind == "INPUTradio":
            self.choose(name, str(value))
        elif kind == "INPUTcheckbox":
            for each in value if isinstance(value, list) else [value]:
                self.tick(name, str(each))
        elif kind.startswith("SELECT"):
            self.select(name, str(value))
        else:
            self.type(f'[name="{name}"]', str(value))

    def answer_all(self, prefix: str, typed: Mapping[str, Any]) -> None:
        """Answer the questions of one line, in the order in which they stand on the page."""
        order: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('main [name]')].map((each) => each.name)"
        )

        def place(code: str) -> int:
            wanted = f"{prefix}-{code}"
            return next(
                (
                    n
                    for n, name in enumerate(order)
                    if name == wanted or name.startswith(wanted + "-")
                ),
                len(order),
            )

        for code in sorted(typed, key=place):
            self.answer(f"{prefix}-{code}", typed[code])

    def _is_asked(self, name: str) -> bool:
        return bool(
            self.page.locator(f'[name="{name}"]').first.evaluate(
                "(each) => each.type !== 'hidden' && !each.closest('[hidden]')"
            )
        )
