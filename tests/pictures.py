"""Takes pictures of the real pages for the documents: ``python -m tests.pictures docs/pictures``.

The pages are those of the catalogue of states, on a server of their own with a fresh database; and
the four of the figure, with all synthetic cases.
"""

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from commands import synthetic_cases
from commands.database import migrate
from core.clock import now
from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from services import definitions, demonstration
from tests.browser.catalogue import STATES
from tests.browser.catalogue.prepared import prepare
from tests.browser.catalogue.states import State
from tests.browser.looking import Eyes, Look
from tests.chromium import FONT_SETTINGS, find_browser, link_fonts
from tests.fixtures.browser import FLAGS
from tests.fixtures.folders import database_folder
from tests.fixtures.site import Site, serving
from tests.fixtures.world import THING

PAGES = (
    "home",
    "guide",
    "sign-in",
    "applicant-cases",
    "applicant-draft_begun",
    "applicant-section-company",
    "applicant-mistaken-shareholders",
    "applicant-session-gone",
    "applicant-session-ended",
    "applicant-section-changed-elsewhere",
    "applicant-papers-there",
    "applicant-check-complete",
    "applicant-receipt",
    "applicant-returned",
    "applicant-returned-section",
    "applicant-delivered",
    "applicant-completed",
    "applicant-licence",
    "applicant-to-window-code",
    "queue-registrar",
    "queue-maker",
    "task-to-accept",
    "task-claimed-by-another",
    "task-seen-too-long-ago",
    "task-resubmitted",
    "window-draft",
    "window-qr-code",
    "savings",
    "audit-completed",
    "people",
    "refusal-409",
)
"""The states in pictures; each at a desk and on a phone."""
FIGURE = (
    State(name="figure-queue", path="/queue", who="registrar"),
    State(name="figure-savings", path="/savings", who="auditor"),
    State(name="figure-times", path="/times", who="auditor"),
    State(name="figure-rates", path="/rates", who="auditor"),
)
"""The same with all synthetic cases of the demonstration."""
LOOKS = (Look("zh", 1280, "light"), Look("zh", 390, "light"))
FURTHER = {
    "home": (Look("en", 1280, "light"), Look("zh", 390, "dark")),
    "applicant-completed": (Look("zh", 1280, "dark"),),
    "queue-registrar": (Look("en", 1280, "light"), Look("zh", 1280, "dark")),
    "applicant-mistaken-shareholders": (Look("zh", 390, "large"),),
    **{state.name: (Look("en", 1280, "light"),) for state in FIGURE},
}
LONGEST_PIXELS = 1800
COLOURS = 64
LARGEST_BYTES = 150_000


def main() -> None:
    """Take every picture into the folder that was named."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    states = {state.name: state for state in STATES}
    with chromium() as browser, served("pages") as site:
        site.prepared = prepare(site.prepared.database)
        take(Eyes(browser, site), [states[name] for name in PAGES], folder)
        for locale in ("zh", "en"):
            draw_flow(site, locale, folder / f"flow-{THING}-{locale}.svg")
    with chromium() as browser, served("figure") as site:
        synthetic_cases.load(site.prepared.database, None, synthetic_cases.Bar())
        take(Eyes(browser, site), FIGURE, folder)
    total = sum(picture.stat().st_size for picture in folder.glob("*.png"))
    click.echo(f"{len(list(folder.glob('*.png')))} pictures, {total // 1000} kB")


def take(eyes: Eyes, states: Sequence[State], folder: Path) -> None:
    """Take each state in each of its looks."""
    for state in states:
        for look in LOOKS + FURTHER.get(state.name, ()):
            page = eyes.open(state, look)
            taken = page.screenshot(full_page=True, animations="disabled")
            write(taken, folder / f"{state.name}-{look}.png")
    eyes.close()


def draw_flow(site: Site, locale: str, path: Path) -> None:
    """Keep the picture of the flow as it was drawn at publication."""
    with site.prepared.database.transaction() as session:
        current = definitions.current(session, THING)
        path.write_text(definitions.flow_picture(session, current.hash, locale), encoding="utf-8")


def write(taken: bytes, path: Path) -> None:
    """Keep a picture in few colours: pages have few, and the documents stay small."""
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, LONGEST_PIXELS)))
    for colours in (COLOURS, COLOURS // 2, COLOURS // 4):
        few = picture.quantize(colours, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size <= LARGEST_BYTES:
            return


@contextmanager
def served(name: str) -> Iterator[Site]:
    """A server with a database of its own, people and definitions in it; gone afterwards."""
    with database_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres", durable=False)
        server.start()
        try:
            urls = server.create_database("template")
            migrate(urls.owner_url)
            database = Database(urls.app_url)
            with database.transaction() as session:
                demonstration.load(session, now() - timedelta(days=400))
            database.dispose()
            pages = folder / name
            pages.mkdir()
            with serving(server, "template", pages) as site:
                yield site
        finally:
            server.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the tests, with the font of the tests."""
    link_fonts()
    environment: dict[str, str | float | bool] = {**os.environ}
    environment["FONTCONFIG_FILE"] = str(FONT_SETTINGS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=FLAGS, env=environment
        )
        yield browser
        browser.close()


if __name__ == "__main__":
    main()
