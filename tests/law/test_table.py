"""The table of the law names every test of this folder, and none that is not there."""

import re
from pathlib import Path

from core.settings import ROOT

TEST = re.compile(r"^def (test_(?:regulations_|rules_)?article_\w+)", re.MULTILINE)


def test_every_article_that_is_tested_stands_in_the_table() -> None:
    table = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", table))
    files = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    there = {name for words in files for name in TEST.findall(words)}

    assert named == there
