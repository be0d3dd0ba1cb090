"""The table of pains: every picture and every test that it names is there."""

import re

import pytest

from core.settings import ROOT

PAGE = ROOT / "docs" / "real-hands.md"
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE.read_text())))
PICTURES = sorted(set(re.findall(r"\((pictures/[\w.-]+\.png)\)", PAGE.read_text())))


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_the_test_that_is_named_is_there(path: str, name: str) -> None:
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE)


@pytest.mark.parametrize("picture", PICTURES)
def test_the_picture_that_is_shown_is_there(picture: str) -> None:
    assert (PAGE.parent / picture).exists(), "make pictures"


def test_each_pain_has_a_page_and_a_test() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if re.match(r"\| \d+ \|", line)]

    assert [int(row.split("|")[1]) for row in rows] == [1, 2, 3, 4, 5, 6, 10, 15, 17, 18, 25]
    assert all("pictures/" in row and "::test_" in row for row in rows)
