"""Every page in every state: in the language of its reader, and its links lead somewhere."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from typing import Any

from flask import Flask
from sqlalchemy import text

from services import demonstration
from tests.fixtures.page_forms import forms_of
from tests.fixtures.page_words import Words, words_of
from tests.fixtures.scene import Scene
from tests.views import page_states
from tests.views.valid_form import endpoint_of

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
LATIN = re.compile(r"[A-Za-z][A-Za-z]+")
CODES = re.compile(
    r"\S+@\S+|https?://\S+|[A-Za-z0-9_./-]*\d[A-Za-z0-9_./-]*|\{\w+\}"
    r"|flask [a-z -]+|[A-Z]+(?:_[A-Z]+)+",
    re.ASCII,
)
"""Addresses, numbers, codes, commands, settings, and places that a script fills in."""
SHOWN_IN_ENGLISH = (
    *("兰州市城关区", "兰州高新区", "兰州市", "兰州", "星河", "科技", "商贸"),
    *("有限责任公司", "有限公司", "中文"),
)
"""Examples of what is typed in Chinese whatever the page's language, and the language switch."""
SHOWN_IN_CHINESE = {
    "AA",
    "Esc",
    "Enter",
    "English",
    "JSON",
    "CSV",
    "yes",
    "no",
    "Excel",
    "PDF",
    "JPG",
    "PNG",
    "HEIC",
    "KB",
    "MB",
    "GiB",
    "PostgreSQL",
    "NTP",
    "pdf",
    "jpeg",
    "png",
    "Web",
    "Ctrl",
    "UTC",
    "core",
    "applicant",
    "CNY",
}
"""Names of formats, units, keys and standards, which Chinese pages write in Latin letters."""


def test_every_page_speaks_the_language_of_its_reader(scene: Scene) -> None:
    """Each page in one of both, by turns; tests/long/test_languages.py reads both."""
    wrong = mistaken(scene, lambda number: ("zh", "en")[number % 2 : number % 2 + 1])

    assert not wrong, "\n".join(f"{fault} ({where})" for fault, where in wrong.items())


def mistaken(scene: Scene, languages: Callable[[int], Sequence[str]]) -> dict[str, str]:
    """What is wrong on any page, with where; ``languages`` says in which each is read."""
    keys = page_states.stages(scene)
    typed = typed_words(scene)
    wrong: dict[str, str] = {}
    for number, (reader, address) in enumerate(page_states.addresses(scene, keys)):
        for language in languages(number):
            headers = {"Accept-Language": language}
            answer = scene.browser(reader).get(address, headers=headers)
            is_page = answer.mimetype == "text/html" and not 300 <= answer.status_code < 400
            for fault in faults(scene.app, answer.text, language, typed) if is_page else ():
                wrong.setdefault(f"{language}: {fault}", f"{reader} {address}")
    return wrong


def faults(app: Flask, page: str, language: str, typed: list[str]) -> Iterator[str]:
    """What is wrong with the words, links and names of one page."""
    for words in words_of(page):
        if words.language.startswith(language) and not words.text.startswith("{"):
            left = words.text
            for each in typed:
                left = left.replace(each, " ")
            left = CODES.sub(" ", left)
            is_foreign = CHINESE.search(left) if language == "en" else foreign(words, left)
            if is_foreign:
                yield f"foreign words: {words.text[:90]}"
    yield from broken_links(app, page)
    yield from unknown_names(page)


def broken_links(app: Flask, page: str) -> Iterator[str]:
    """Forms that post, and links that lead, to an address that no page has."""
    for form in forms_of(page):
        if form.action and endpoint_of(app, form.action, form.method.upper()) is None:
            yield f"a form that posts nowhere: {form.action}"
    for link in re.findall(r'href="(/[^"]*)"', page):
        if endpoint_of(app, unescape(link), "GET") is None:
            yield f"a link that leads nowhere: {link}"


def foreign(words: Words, left: str) -> set[str]:
    """The words in Latin letters that a Chinese page has no reason for."""
    return set() if words.is_data else set(LATIN.findall(left)) - SHOWN_IN_CHINESE


def unknown_names(page: str) -> Iterator[str]:
    """Ids that stand twice, and labels or descriptions that lead to none."""
    ids = re.findall(r'\sid="([^"]+)"', page)
    yield from (f"id {each} stands twice" for each in set(ids) if ids.count(each) > 1)
    for names in re.findall(r'\s(?:aria-describedby|aria-labelledby|for)="([^"]+)"', page):
        yield from (f"nothing has the id {each}" for each in names.split() if each not in ids)


def typed_words(scene: Scene) -> list[str]:
    """What people typed and what they are called, which no page translates; the longest first."""
    found = {*SHOWN_IN_ENGLISH, "字号与他人相同。", "请改好再交。", "材料与事实不符。"}
    found |= {each.name for each in demonstration.ACCOUNTS}
    with scene.database.transaction() as session:
        for (typed,) in session.execute(
            text("select typed from case_answers /* across districts: all */")
        ):
            found |= set(strings(typed))
        for (title,) in session.execute(
            text("select title from cases /* across districts: all */")
        ):
            found.add(title or "")
        found |= {name for (name,) in session.execute(text("select name from people"))}
        for days in session.execute(text("select name ->> 'zh', source from calendar_days")):
            found |= set(days)
    found |= {f"{each[0]}*" for each in found if each}
    found |= {f"兰州{each}科技有限公司" for each in found if each.startswith("星河")}
    words = {each for each in found if len(each) > 1 and not each.isascii()}
    words |= {each.account for each in demonstration.ACCOUNTS}
    return sorted(words, key=len, reverse=True)


def strings(value: Any) -> Iterator[str]:
    """Every text in a nest of lists and mappings."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from strings(part)
    if isinstance(value, str):
        yield value
