"""Definitions of papers: what the loader refuses, and what the business start-up asks for."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from catalog import answers, registry, samples
from catalog.schema import OneThing
from catalog.source import CatalogueError
from services.materials import asked, is_required

ON = date(2026, 9, 18)
FILE = "things/business_start_up.yaml"


@pytest.fixture
def thing() -> OneThing:
    return registry.catalogue().thing("business_start_up")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("when: contacts.has_agent\n", "when: contacts.agent\n", "没有名为"),
        (
            "    condition: {zh: 委托代理人办理的, en: If an agent acts for the company}\n",
            "",
            "用文字",
        ),
        (
            "    title: {zh: 登记申请书, en: Application for registration}\n",
            "    title: {zh: 登记申请书, en: Application for registration}\n    maximum_files: 2\n",
            "只用于上传",
        ),
        ("exempt_by: promise.address_is_usable", "exempt_by: address.street", "promise 类型"),
        (
            "    met_by: upload\n    when: contacts.has_agent\n",
            "    met_by: upload\n    exempt_by: promise.answers_are_true\n"
            "    when: contacts.has_agent\n",
            "告知承诺",
        ),
        ("    maximum_pages: 5\n", "    maximum_pages: 0\n", "maximum_pages"),
        ("    maximum_pages: 5\n", "    accepts: [docx]\n", "accepts"),
        ("    maximum_pages: 5\n", "    accepts: []\n", "至少列出一种"),
    ],
)
def test_a_paper_that_nobody_could_meet_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    folder = tmp_path / "catalog"
    shutil.copytree(registry.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        registry.load(folder)

    assert any(words in f"{each.sentence.zh} {each}" for each in caught.value.mistakes)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, set()),
        ({"term.articles": "own"}, {"own_articles"}),
        ({"contacts.has_agent": True}, {"letter_of_authority"}),
        ({"promise.address_is_usable": False}, {"address_paper"}),
        ({"business_scope.entries": ["L7206"]}, set()),
    ],
)
def test_the_answers_decide_which_papers_must_be_uploaded(
    thing: OneThing, change: dict[str, object], wanted: set[str]
) -> None:
    typed = samples.business_start_up(on=ON)
    read = answers.read(thing, typed, on=ON).answers
    for path, value in change.items():
        section, name = path.split(".")
        read[section][name] = value

    found = [asked(thing, material.code, read) for material in thing.materials]

    assert {each.code for each in found if each and is_required(each, read)} == wanted
    permits = asked(thing, "permits", read)
    assert (permits is not None) is ("business_scope.entries" in change)
