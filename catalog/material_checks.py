"""What the definition of a paper must hold beyond its shape."""

from collections.abc import Iterator

from catalog.expression_checks import mistakes
from catalog.expression_types import answers_types
from catalog.schema import FieldKind, Material, OneThing
from catalog.source import Place
from core.text import Text

Found = Iterator[tuple[Place, Text]]

OF_FILES = ("required", "accepts", "maximum_files", "maximum_bytes", "maximum_pages")
"""Keys that say something of files; elsewhere they would mislead their reader."""

NO_WORDS = Text(
    zh="写了条件（when），请在 condition 中用文字写明什么情况下需要。",
    en="It has a condition (when); say in words under condition when it is needed.",
)
NO_CONDITION = Text(
    zh="写了 condition，却没有条件（when）。",
    en="It has condition but no expression under when.",
)
NO_READER = Text(
    zh="上传的材料要写明哪些事项可以查看（items）。",
    en="A paper that is uploaded must say which items may open it (items).",
)
NO_FILES = Text(
    zh="“{key}”只用于上传的材料。",
    en='"{key}" is only for papers that are uploaded.',
)
NO_COMMITMENT = Text(
    zh="exempt_by 只用于告知承诺（met_by: commitment）的材料。",
    en="exempt_by is only for papers that a commitment stands in for (met_by: commitment).",
)
NO_PROMISE = Text(
    zh="“{path}”应是一个 promise 类型的问题。",
    en='"{path}" should be a question of the kind promise.',
)
NO_TYPE = Text(zh="请至少列出一种文件类型。", en="List at least one type of file.")
NEVER_OPTIONAL = Text(
    zh="告知承诺的材料是否必需由承诺决定，请去掉 required。",
    en="The promise decides whether this paper is needed; leave out required.",
)


def material_mistakes(place: Place, material: Material, thing: OneThing) -> Found:
    """Everything that is wrong with one paper, but for its ``items``, which the caller knows."""
    if material.when is not None:
        for sentence in mistakes(material.when, answers_types(thing.sections)):
            yield (*place, "when"), sentence
        if material.condition is None:
            yield place, NO_WORDS
    elif material.condition is not None:
        yield (*place, "condition"), NO_CONDITION
    if material.takes_files:
        yield from _files(place, material)
    else:
        for key in OF_FILES:
            if key in material.model_fields_set:
                yield (*place, key), NO_FILES.format(key=key)
    yield from _exemption(place, material, thing)


def _files(place: Place, material: Material) -> Found:
    if not material.items:
        yield (*place, "items"), NO_READER
    if not material.accepts:
        yield (*place, "accepts"), NO_TYPE


def _exemption(place: Place, material: Material, thing: OneThing) -> Found:
    if material.exempt_by is None:
        return
    if material.met_by != "commitment":
        yield (*place, "exempt_by"), NO_COMMITMENT
    if not material.required:
        yield (*place, "required"), NEVER_OPTIONAL
    promises = {
        f"{section.code}.{question.code}"
        for section in thing.sections
        if section.repeat is None
        for question in section.fields
        if question.kind is FieldKind.PROMISE
    }
    if material.exempt_by not in promises:
        yield (*place, "exempt_by"), NO_PROMISE.format(path=material.exempt_by)
