"""Every text is in both languages, each with its own punctuation, and every text is used."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import yaml

from commands import translations
from commands.translations import english, sentences
from core.settings import ROOT
from tests.architecture.test_rules import modules

HAN = r"\u4e00-\u9fff"
HALF_WIDTH = re.compile(rf"[{HAN}”）][,:;!?(]|[,;!?)][{HAN}“（]|[{HAN}]\.$")
"""Latin punctuation beside Chinese characters."""
CHINESE = re.compile(rf"[{HAN}\u3000-\u303f\uff00-\uffef]")
PLACE = re.compile(r"%\((\w+)\)s|\{(\w*)\}")
EXAMPLES = (
    *("科技", "商贸", "兰州", "星河", "有限公司", "有限责任公司", "雁园路", "中文"),
    *("中国", "中华", "全国", "国家", "公司", "集团"),
)
"""Chinese words that English sentences show, because they are typed in Chinese."""


def wording(node: ast.expr) -> str | None:
    """A literal as it reads, with ``{…}`` for what is filled in; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [wording(part) if isinstance(part, ast.Constant) else "{}" for part in node.values]
        return "".join(part or "" for part in parts)
    return None


def texts_in_code() -> Iterator[tuple[str, str, str]]:
    """Where, Chinese and English of every ``Text(zh=…, en=…)``; empty for what is computed."""
    for name, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Text":
                given = {each.arg: wording(each.value) or "" for each in node.keywords}
                yield f"{name}:{node.lineno}", given.get("zh", ""), given.get("en", "")


def texts_in_catalogue() -> Iterator[tuple[str, str, str]]:
    """The same of every ``{zh: …, en: …}`` of the YAML files; None if a language is missing."""
    for path in sorted((ROOT / "catalog").rglob("*.yaml")):
        yield from _pairs(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader), path.name)


def _pairs(value: Any, where: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, dict):
        if value.keys() & {"zh", "en"} and all(isinstance(each, str) for each in value.values()):
            yield where, value.get("zh", ""), value.get("en", "")
        for key, part in value.items():
            yield from _pairs(part, f"{where} {key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _pairs(part, f"{where} {number}")


def test_chinese_sentences_have_chinese_punctuation() -> None:
    found = [
        f"{where}: {zh}"
        for where, zh, _en in (*texts_in_code(), *texts_in_catalogue())
        if HALF_WIDTH.search(zh)
    ]
    pages = [str(message.id) for message in sentences(translations.read())]
    found += [sentence for sentence in pages if HALF_WIDTH.search(sentence)]

    assert not found, "use ，。：；！？（）:\n" + "\n".join(found)


def test_english_sentences_have_no_chinese() -> None:
    found = []
    for where, _zh, en in (*texts_in_code(), *texts_in_catalogue()):
        left = en
        for example in EXAMPLES:
            left = left.replace(example, "")
        if CHINESE.search(left):
            found.append(f"{where}: {en}")

    assert not found, "\n".join(found)


def test_the_catalogue_has_both_languages_everywhere() -> None:
    found = [where for where, zh, en in texts_in_catalogue() if not (zh.strip() and en.strip())]

    assert not found


def test_both_languages_of_a_text_fill_in_the_same_places() -> None:
    found = [
        f"{where}: {zh} / {en}"
        for where, zh, en in (*texts_in_code(), *texts_in_catalogue())
        if zh and en and _places(zh) - {""} != _places(en) - {""}
    ]

    assert not found, "\n".join(found)


def test_every_plural_of_a_page_fills_in_the_same_places() -> None:
    for message in sentences(translations.read()):
        chinese = message.id if isinstance(message.id, str) else message.id[-1]
        for form in english(message):
            left_out = {"num"} if message.pluralizable else set()
            assert _places(chinese) - left_out == _places(form) - left_out, chinese


def _places(sentence: str) -> set[str]:
    return {first or second for first, second in PLACE.findall(sentence)}


def test_every_text_is_said_somewhere() -> None:
    made: dict[str, str] = {}
    said: set[str] = set()
    for name, module in (*modules(), *modules("tests")):
        for node in ast.walk(module):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                said.add(node.id)
            elif isinstance(node, ast.Attribute):
                said.add(node.attr)
        for node in module.body:
            value = getattr(node, "value", None)
            if isinstance(value, ast.Call) and ast.unparse(value.func) == "Text":
                targets = node.targets if isinstance(node, ast.Assign) else []
                made |= {ast.unparse(target): name for target in targets}

    assert not {name: where for name, where in made.items() if name not in said}


def test_scripts_say_nothing_by_themselves() -> None:
    """Their words come from the page, in the reader's language."""
    found = [
        f"{path.name}:{number}"
        for path in sorted((ROOT / "static" / "js").rglob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(f"[{HAN}]", line)
    ]

    assert not found, f"give the words in a data attribute: {found}"
