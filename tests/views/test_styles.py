"""The style sheets and the pages speak of the same things."""

import re

from core.settings import ROOT

SHEETS = ROOT / "static" / "css"
LONGEST_FILE = 400
CLASS = re.compile(r"\bapp-[a-z][a-z0-9-]*(?:__[a-z-]+)?(?:--[a-z-]+)?")
BUILT = re.compile(r"\b(app-[a-z-]+(?:__[a-z-]+)?--)(?![a-z])")
"""A class whose end a page computes: ``app-progress__part--{{ part.kind }}``."""


def styled() -> dict[str, str]:
    """Every class of ours with the sheet that knows it."""
    found: dict[str, str] = {}
    for sheet in sorted(SHEETS.glob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for name in re.findall(r"\.(app-[a-z][a-z0-9_-]*)", text):
            found.setdefault(name, sheet.name)
    return found


def spoken() -> str:
    """Everything that may put a class on a page."""
    folders = {"templates": ".html", "static/js": ".js", "forms": ".py", "views": ".py"}
    folders |= {"catalog": ".py", "services": ".py", "tests/gallery": ".html"}
    return "\n".join(
        path.read_text(encoding="utf-8")
        for folder, kind in folders.items()
        for path in sorted((ROOT / folder).rglob(f"*{kind}"))
    )


def test_no_style_is_left_over() -> None:
    words = spoken()
    used, beginnings = set(CLASS.findall(words)), tuple(BUILT.findall(words))

    unused = {
        name: sheet
        for name, sheet in styled().items()
        if name not in used and not (beginnings and name.startswith(beginnings))
    }
    assert not unused, f"remove the style, or use it: {unused}"


def test_every_class_of_a_page_is_styled() -> None:
    words = spoken()
    lists = re.findall(r'class(?:Name)?\s*=\s*["\']([^"\']*)["\']', words)
    used = {name for names in lists for name in CLASS.findall(re.sub(r"\{[^}]*\}+", " ", names))}
    known = styled()

    unknown = sorted(
        name
        for name in used
        if not name.endswith("-")
        and name not in known
        and not any(each.startswith(f"{name}-") for each in known)
    )
    assert not unknown, f"style it in static/css, or leave the class away: {unknown}"


def test_no_sheet_outgrows_a_reader() -> None:
    long = [
        sheet.name
        for sheet in sorted(SHEETS.glob("*.css"))
        if len(sheet.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    ]
    assert not long, f"split by topic: {long}"


def test_every_sheet_is_linked() -> None:
    pages = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates").rglob("*.html"))
    )
    lost = [
        sheet.name
        for sheet in sorted(SHEETS.glob("*.css"))
        if f"css/{sheet.name}" not in pages and f"'{sheet.stem}'" not in pages
    ]
    assert not lost, f"link it in layout.html or in a page's block `styles`: {lost}"
