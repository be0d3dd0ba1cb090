"""Looking at a page: with axe, and for what axe does not see."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.browser.catalogue.states import State
from tests.fixtures.complaints import complaints
from tests.fixtures.site import Site
from views.appearance import TEXT_SIZE_COOKIE, THEME_COOKIE

LANGUAGES = ("zh", "en")
WIDTHS = (1280, 390)
HEIGHTS = {1280: 900, 390: 844}
APPEARANCES = ("light", "dark", "large")
"""``large``: the reader has set the text of the browser to twice its size."""
SWITCHED, FORCED, STILL = "switched", "forced", "still"
"""The service's own switches (night, very large text), the colours of the system, no motion."""
LARGE, NORMAL = 32, 16
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LANG = {"zh": "zh-Hans-CN", "en": "en"}
ERROR = {"zh": "错误：", "en": "Error: "}


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking at a page."""

    language: str
    width: int
    appearance: str

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.appearance}"


LOOKS = tuple(
    Look(language, width, appearance)
    for language in LANGUAGES
    for width in WIDTHS
    for appearance in APPEARANCES
)
SAMPLES = (
    Look("zh", 390, SWITCHED),
    Look("en", 1280, SWITCHED),
    Look("zh", 1280, FORCED),
    Look("en", 390, STILL),
)
"""Further ways, each on one page in so many."""

FACTS = """() => {
  const seen = (each) => each.checkVisibility();
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  const ours = (each) => ["http:", "https:"].includes(each.protocol) && each.hash.length > 1
    && each.pathname === location.pathname && each.search === location.search;
  return {
    title: document.title,
    lang: document.documentElement.lang,
    headings: [...document.querySelectorAll("h1")].filter(seen).length,
    ids,
    lost: [...document.querySelectorAll("a[href]")].filter(ours)
      .map((each) => decodeURIComponent(each.hash.slice(1))).filter((each) => !ids.includes(each)),
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    widest: [...document.querySelectorAll("main *, header *, footer *")].filter(
      (each) => seen(each) && each.getBoundingClientRect().right > innerWidth + 1
        && !each.closest(".app-scroller, .govuk-visually-hidden, svg"))
      .slice(0, 3).map((each) => each.outerHTML.slice(0, 90)),
    summary: document.querySelector("[data-error-summary]") === null
      || document.activeElement === document.querySelector("[data-error-summary]"),
  };
}"""
AXE = """(tags) => axe.run(document, {
  resultTypes: ["violations"], runOnly: {type: "tag", values: tags}, preload: false,
}).then((found) => found.violations.map((each) => ({
  rule: each.id,
  places: each.nodes.slice(0, 4).map((node) => `${node.target} ${node.html.slice(0, 120)} `
    + (node.any[0]?.message ?? "")),
})))"""


@cache
def _text_size(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


@dataclass
class Eyes:
    """Somebody's pages, one context for each person, kept open from state to state."""

    browser: Browser
    site: Site
    _contexts: dict[str | None, tuple[BrowserContext, Page, str]] = field(default_factory=dict)

    def page(self, who: str | None, language: str) -> Page:
        """The page of this person, in this language."""
        if who not in self._contexts:
            context = self.site.come_in(self.browser, who, language)
            self._contexts[who] = (context, context.new_page(), language)
        context, page, spoken = self._contexts[who]
        if spoken != language:
            self.site.speak(context, who, language)
            self._contexts[who] = (context, page, language)
        return page

    def close(self) -> None:
        """Close every context."""
        for context, page, _language in self._contexts.values():
            _text_size.cache_clear()
            page.close()
            context.close()
        self._contexts.clear()

    def open(self, state: State, look: Look) -> Page:
        """Go to a state and do what leads to it."""
        page = self.page(state.who, look.language)
        self.put_on(page, look)
        if state.ready is not None:
            state.ready(self.site.prepared)
        page.goto(self.site.prepared.path(state.path))
        if state.is_away and state.who:
            self.site.expire(state.who)
        if state.is_away or state.ready:
            context, _page, _language = self._contexts[state.who]
            self._contexts[state.who] = (context, page, "its cookie to be made anew")
        if state.way is not None:
            state.way(page)
        return page

    def put_on(self, page: Page, look: Look) -> None:
        """The window and the settings of this look."""
        page.set_viewport_size({"width": look.width, "height": HEIGHTS[look.width]})
        page.emulate_media(
            color_scheme="dark" if look.appearance == "dark" else "light",
            forced_colors="active" if look.appearance == FORCED else "none",
            reduced_motion="reduce" if look.appearance == STILL else "no-preference",
        )
        self._switch(page, is_on=look.appearance == SWITCHED)
        size = LARGE if look.appearance == "large" else NORMAL
        sizes = {"standard": size, "fixed": size}
        _text_size(page).send("Page.setFontSizes", {"fontSizes": sizes})

    def _switch(self, page: Page, *, is_on: bool) -> None:
        if is_on:
            for name, value in ((THEME_COOKIE, "dark"), (TEXT_SIZE_COOKIE, "largest")):
                page.context.add_cookies([{"name": name, "value": value, "url": self.site.url}])
        else:
            for name in (THEME_COOKIE, TEXT_SIZE_COOKIE):
                page.context.clear_cookies(name=name)

    def faults(self, state: State, look: Look) -> list[str]:
        """All that is wrong with a state, seen in this way."""
        complaints.clear()
        page = self.open(state, look)
        return look_at(page, state, look)


def look_at(page: Page, state: State, look: Look) -> list[str]:
    """All that is wrong with an open page."""
    found = [*_facts(page, state, look), *axe(page), *complaints]
    complaints.clear()
    return [f"{state.name} {look}: {fault}" for fault in found]


def axe(page: Page) -> list[str]:
    """What axe finds: rule, place and reason."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(AXE, list(TAGS))
    return [f"{each['rule']}: {each['places']}" for each in found]


def _facts(page: Page, state: State, look: Look) -> list[str]:
    facts = page.evaluate(FACTS)
    twice = [name for name, times in Counter(facts["ids"]).items() if times > 1]
    says_error = facts["title"].startswith(ERROR[look.language])
    wrong = {
        f"title {facts['title']!r}": not facts["title"].strip() or says_error != state.is_error,
        f"lang {facts['lang']!r}": facts["lang"] != LANG[look.language],
        f"{facts['headings']} h1": facts["headings"] != 1,
        f"ids twice: {twice}": bool(twice),
        f"links to nothing: {facts['lost']}": bool(facts["lost"]),
        f"{facts['wide']} px too wide: {facts['widest']}": facts["wide"] > 0,
        "the summary of errors has not the focus": not facts["summary"],
    }
    return [fault for fault, is_so in wrong.items() if is_so]
