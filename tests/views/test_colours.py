"""The colours by day and by night: the same names, and enough contrast for tired eyes (WCAG AA)."""

import re

import pytest

from core.settings import ROOT

STYLES = ROOT / "static" / "css"
TEXT, CONTROL = 4.5, 3.0
GROUNDS = ("--app-page", "--app-card", "--app-wash")
NIGHTLESS = re.compile(r"--app-(paper|code)-?")
RAW = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")

PAIRS = [
    *[
        (ink, ground, TEXT)
        for ground in GROUNDS
        for ink in (
            "--govuk-text-colour",
            "--govuk-secondary-text-colour",
            "--govuk-link-colour",
            "--govuk-link-visited-colour",
            "--govuk-link-hover-colour",
            "--govuk-error-colour",
            "--app-ink",
            "--app-muted",
            "--app-late",
            "--app-soon",
            "--app-success-ink",
            "--app-danger-ink",
        )
    ],
    *[
        (line, ground, CONTROL)
        for ground in GROUNDS
        for line in ("--govuk-input-border-colour", "--app-line-strong", "--app-accent")
    ],
    *[
        (f"--app-{name}-ink", f"--app-{name}-ground", TEXT)
        for name in ("success", "danger", "caution", "information", "header", "footer", "hero")
    ],
    *[
        (f"--app-tag-{name}-ink", f"--app-tag-{name}-ground", TEXT)
        for name in ("blue", "green", "red", "orange", "yellow", "purple", "grey")
    ],
    *[
        (f"--app-button{kind}-ink", f"--app-button{kind}{hover}", TEXT)
        for kind in ("", "-secondary", "-warning")
        for hover in ("", "-hover")
    ],
    ("--app-button-ink", "--app-button-busy", TEXT),
    ("--app-muted", "--app-button-secondary", TEXT),
    ("--app-hero-ink", "--app-hero-ground-end", TEXT),
    ("--app-hero-button-ink", "--app-hero-button", TEXT),
    ("--app-hero-button-ink", "--app-hero-button-hover", TEXT),
    ("--app-on-accent", "--app-accent", TEXT),
    ("--govuk-inverse-text-colour", "--govuk-brand-colour", TEXT),
    ("--govuk-inverse-text-colour", "--app-success-strong", TEXT),
    ("--govuk-focus-text-colour", "--govuk-focus-colour", TEXT),
    ("--app-flow-node-ink", "--app-flow-node", TEXT),
    ("--app-flow-end-ink", "--app-flow-end", TEXT),
    ("--app-flow-node-line", "--app-flow-ground", CONTROL),
    ("--app-flow-edge", "--app-flow-ground", CONTROL),
    *[
        (f"--app-chart-{order}", ground, CONTROL)
        for order in ("first", "second", "third")
        for ground in ("--app-page", "--app-card")
    ],
    ("--app-paper-ink", "--app-paper", TEXT),
    ("--app-paper-muted", "--app-paper", TEXT),
    ("--app-paper-title", "--app-paper", TEXT),
]


def colours(sheet: str) -> dict[str, str]:
    """Each variable of a style sheet with its value."""
    text = (STYLES / sheet).read_text(encoding="utf-8")
    return dict(re.findall(r"(--[a-z-]+):\s*([^;]+);", text))


def luminance(value: str) -> float:
    """The relative luminance of ``#rgb`` or ``#rrggbb``, by WCAG 2.2."""
    digits = value.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["day", "night"])
def test_words_and_borders_stand_out_from_their_ground(theme: str) -> None:
    found = colours("colours.css") | (colours("dark.css") if theme == "night" else {})

    faint = [
        f"{ink} on {ground}: {contrast(found[ink], found[ground]):.2f}, wanted {least}"
        for ink, ground, least in PAIRS
        if contrast(found[ink], found[ground]) < least
    ]
    assert not faint


def test_the_night_names_every_colour_of_the_day_but_those_of_paper() -> None:
    day = {name for name in colours("colours.css") if not NIGHTLESS.match(name)}

    assert set(colours("dark.css")) == day


def test_no_other_sheet_names_a_colour_of_its_own() -> None:
    found = [
        f"{sheet.name}: {line.strip()[:80]}"
        for sheet in sorted(STYLES.glob("*.css"))
        if sheet.name not in {"colours.css", "dark.css", "print.css"}
        for line in sheet.read_text(encoding="utf-8").splitlines()
        if RAW.search(re.sub(r'\[(?:fill|stroke)="[^"]*"\]', "", line))
    ]
    assert not found, f"name it in colours.css and dark.css: {found}"
