"""Rules that name whose work an entry becomes: expressions over the answers of its case."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from catalog import registry
from catalog.expression_checks import mistakes
from catalog.expression_types import ENTRY, ENTRY_TYPE, answers_types
from catalog.expressions import Facts
from core.text import Text

LONGEST_RULE = 300
NO_ITEMS = Text(
    zh="这个部门没有事项，规则用不上。", en="This department has no items, so no rule can be used."
)


def rule_mistakes(expression: str, department_code: str, item_code: str) -> list[Text]:
    """What is wrong with a rule of a department, or of one of its items; nothing if it is sound.

    A department has items of several one-things with different forms: a rule is sound if it can be
    asked of one of them. Of the others it decides nothing.
    """
    found: list[Text] = []
    forms = [
        thing.sections
        for thing in registry.catalogue().things.values()
        if any(
            item.department == department_code and item_code in {"", item.code}
            for item in thing.items
        )
    ]
    for sections in forms:
        wrong = list(mistakes(expression, {**answers_types(sections), ENTRY: ENTRY_TYPE}))
        if not wrong:
            return []
        found += wrong
    return found[:1] or [NO_ITEMS]


def first_rule(
    rules: Sequence[Mapping[str, Any]], answers: Mapping[str, Any], entry: Mapping[str, str]
) -> tuple[int | None, frozenset[UUID] | None]:
    """The number of the first rule that holds, from 1, and whom it names; twice None if none."""
    facts = Facts({**answers, ENTRY: dict(entry)})
    for number, rule in enumerate(rules, 1):
        if facts.decide(str(rule["when"])) is True:
            return number, frozenset(map(UUID, rule["to"]))
    return None, None


def items_of(department_code: str) -> dict[str, Text]:
    """The items of a department in all one-things, by code."""
    things: Iterable[Any] = registry.catalogue().things.values()
    return {
        item.code: item.title
        for thing in things
        for item in thing.items
        if item.department == department_code
    }
