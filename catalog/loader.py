"""From files to typed definitions: every mistake at once, each with file, line and a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from catalog import checks, parameters
from catalog.burden_prices import BurdenPrices, price_mistakes
from catalog.funds import Fund, FundFile, fund_mistakes, unfunded
from catalog.schema import Department, District, OneThing, ProcessDefinition
from catalog.source import CatalogueError, Mistake, Place, Source
from catalog.supervision import SupervisionRules, supervision_mistakes
from core.text import Text
from workflows.process import Frozen

Definition = TypeVar("Definition", bound=BaseModel)

_SENTENCES: Final[Mapping[str, Text]] = {
    "missing": Text(zh="缺少“{key}”。", en='"{key}" is missing.'),
    "extra_forbidden": Text(
        zh="不认识“{key}”，请检查拼写。", en='"{key}" is not known here; check its spelling.'
    ),
    "unexpected_keyword_argument": Text(
        zh="不认识“{key}”，文字只有 zh 和 en。", en='"{key}" is not known: a text has zh and en.'
    ),
    "string_type": Text(
        zh="“{key}”应是文字；数字请加引号。", en='"{key}" should be text; put digits in quotes.'
    ),
    "int_type": Text(zh="“{key}”应是整数。", en='"{key}" should be a whole number.'),
    "int_parsing": Text(zh="“{key}”应是整数。", en='"{key}" should be a whole number.'),
    "bool_type": Text(zh="“{key}”应是 true 或 false。", en='"{key}" should be true or false.'),
    "bool_parsing": Text(zh="“{key}”应是 true 或 false。", en='"{key}" should be true or false.'),
    "enum": Text(zh="“{key}”只能是：{expected}。", en='"{key}" can only be {expected}.'),
    "literal_error": Text(zh="“{key}”只能是：{expected}。", en='"{key}" can only be {expected}.'),
    "tuple_type": Text(zh="“{key}”应是列表。", en='"{key}" should be a list.'),
    "too_short": Text(zh="“{key}”的内容太少。", en='"{key}" has too few entries.'),
    "string_pattern_mismatch": Text(
        zh="“{key}”的写法不对，应符合 {pattern}。", en='"{key}" should match {pattern}.'
    ),
    "string_too_long": Text(zh="“{key}”太长。", en='"{key}" is too long.'),
    "date_from_datetime_parsing": Text(
        zh="“{key}”应是日期，例如 2026-11-22。", en='"{key}" should be a day such as 2026-11-22.'
    ),
    "union_tag_not_found": Text(
        zh="“{key}”的每一项都要写明 commodity。",
        en='Each entry of "{key}" must name its commodity.',
    ),
    "union_tag_invalid": Text(
        zh="“{key}”的 commodity 只能是：{tags}。", en='The commodity in "{key}" can only be {tags}.'
    ),
    "dataclass_type": Text(
        zh="“{key}”应同时写 zh 和 en 两种文字。", en='"{key}" needs both wordings, zh and en.'
    ),
    "model_type": Text(zh="“{key}”应是一组名称和值。", en='"{key}" should be names with values.'),
}
_OTHER = Text(zh="“{key}”不对：{message}。", en='"{key}" is wrong: {message}.')


class DepartmentFile(Frozen):
    """The whole of ``departments.yaml``."""

    departments: tuple[Department, ...]


class DistrictFile(Frozen):
    """The whole of ``districts.yaml``."""

    districts: tuple[District, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files of a folder say, checked alone and against each other."""

    things: tuple[OneThing, ...]
    processes: tuple[ProcessDefinition, ...]
    departments: tuple[Department, ...]
    districts: tuple[District, ...]
    funds: tuple[Fund, ...]
    burden_prices: BurdenPrices
    supervision: SupervisionRules


def load(folder: Path) -> Loaded:
    """Read every definition below ``folder``. Raises `CatalogueError` naming all mistakes.

    Files are read before they are compared: references are checked only when every file has the
    right shape, so that one mistyped key is not followed by twenty sentences about it.
    """
    reading = _Reading(folder)
    _, departments = reading.file("departments.yaml", DepartmentFile)
    _, districts = reading.file("districts.yaml", DistrictFile)
    fund_source, funds = reading.file("funds.yaml", FundFile)
    price_source, prices = reading.file("burden_prices.yaml", BurdenPrices)
    rule_source, rules = reading.file("supervision.yaml", SupervisionRules)
    processes = tuple(reading.all_in("processes", ProcessDefinition))
    things = tuple(reading.all_in("things", OneThing))
    reading.stop_if_wrong()
    if departments is None or districts is None or funds is None or prices is None or rules is None:
        raise AssertionError("a file without mistakes has a definition")
    for source, process in processes:
        reading.note(source, checks.process_mistakes(process))
    by_code = {process.code: process for _, process in processes}
    reading.note(rule_source, supervision_mistakes(rules, by_code))
    surroundings = checks.Surroundings(
        processes=by_code,
        departments=frozenset(entry.code for entry in departments.departments),
        reviewed=frozenset(each.code for each in departments.departments if each.review_body),
    )
    codes = [district.code for district in districts.districts]
    for source, thing in things:
        reading.note(source, checks.thing_mistakes(thing, surroundings))
        reading.note(source, unfunded(thing, funds.funds, codes))
    reading.note(fund_source, fund_mistakes(funds.funds, [each for _, each in things], codes))
    reading.note(price_source, price_mistakes(prices))
    reading.refuse_twins(processes)
    reading.refuse_twins(things)
    reading.stop_if_wrong()
    return Loaded(
        things=tuple(thing for _, thing in things),
        processes=tuple(process for _, process in processes),
        departments=departments.departments,
        districts=districts.districts,
        funds=funds.funds,
        burden_prices=prices,
        supervision=rules,
    )


class _Reading:
    """The files read so far and what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mistakes: list[Mistake] = []

    def file(self, name: str, kind: type[Definition]) -> tuple[Source, Definition | None]:
        return self._read(self._folder / name, kind)

    def all_in(self, folder: str, kind: type[Definition]) -> Iterator[tuple[Source, Definition]]:
        for path in sorted((self._folder / folder).glob("*.yaml")):
            source, definition = self._read(path, kind)
            if definition is not None:
                yield source, definition

    def note(self, source: Source, found: Iterator[tuple[Place, Text]]) -> None:
        self._mistakes.extend(source.mistake(place, sentence) for place, sentence in found)

    def refuse_twins(
        self, definitions: tuple[tuple[Source, OneThing], ...] | tuple[tuple[Source, Any], ...]
    ) -> None:
        seen: dict[str, str] = {}
        for source, definition in definitions:
            code = definition.code
            if code in seen:
                twin = Text(
                    zh=f"代码“{code}”在 {seen[code]} 里已经用过。",
                    en=f'The code "{code}" is already used in {seen[code]}.',
                )
                self._mistakes.append(source.mistake(("code",), twin))
            seen.setdefault(code, source.name)

    def stop_if_wrong(self) -> None:
        if self._mistakes:
            raise CatalogueError(self._mistakes)

    def _read(self, path: Path, kind: type[Definition]) -> tuple[Source, Definition | None]:
        source = Source(path, name=path.relative_to(self._folder).as_posix())
        self._mistakes.extend(source.mistakes)
        if source.mistakes:
            return source, None
        self.note(source, _unknown_text_keys(source.data, ()))
        data, wrong = parameters.substituted(source.data)
        self.note(source, iter(wrong))
        try:
            definition = kind.model_validate(data)
        except ValidationError as error:
            self.note(source, _sentences(error))
            return source, None
        self.note(source, checks.empty_texts(definition))
        return source, definition


def _sentences(error: ValidationError) -> Iterator[tuple[Place, Text]]:
    for problem in error.errors():
        place = problem["loc"]
        context = problem.get("ctx", {})
        key = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
        sentence = _SENTENCES.get(problem["type"], _OTHER)
        yield (
            place,
            sentence.format(
                key=key or Text(zh="整个文件", en="the file"),
                expected=context.get("expected", ""),
                pattern=context.get("pattern", ""),
                tags=context.get("expected_tags", ""),
                message=problem["msg"],
            ),
        )


def _unknown_text_keys(data: object, place: Place) -> Iterator[tuple[Place, Text]]:
    """A comma in ``{zh: …, en: a, b}`` makes a third key, which would be dropped in silence."""
    match data:
        case {"zh": _} | {"en": _} if isinstance(data, dict):
            for key in data.keys() - {"zh", "en"}:
                yield (
                    (*place, key),
                    _SENTENCES["unexpected_keyword_argument"].format(key=key),
                )
        case dict():
            for key, value in data.items():
                yield from _unknown_text_keys(value, (*place, key))
        case list():
            for at, value in enumerate(data):
                yield from _unknown_text_keys(value, (*place, at))
