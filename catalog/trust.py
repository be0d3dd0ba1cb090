"""How far the facts can be relied on that the conditions of a rule set ask for."""

from collections.abc import Iterable, Mapping
from typing import Final

from catalog import expression_checks
from catalog.automatic_decisions import KNOWN, KNOWN_FACTS, Condition, Trust
from catalog.expression_types import CIRCUMSTANCES, TRUTH, Basic, Path, Type, answers_types
from catalog.schema import FieldKind, OneThing

CHECKED_KINDS: Final = frozenset(
    {
        FieldKind.RESIDENT_ID,
        FieldKind.CREDIT_CODE,
        FieldKind.REGION,
        FieldKind.NAME_PREFIX,
        FieldKind.SCOPE_CODE,
        FieldKind.SCOPE_CODES,
    }
)
"""Questions whose answer has a check digit, or stands in a catalogue that was published."""
KNOWN_TYPE: Final = Type(Basic.RECORD, fields=dict.fromkeys(KNOWN_FACTS, TRUTH))


def names_of(thing: OneThing) -> dict[str, Type]:
    """What conditions may ask: the answers, the circumstances, and what the engine finds out."""
    return {**answers_types(thing.sections), **CIRCUMSTANCES, KNOWN: KNOWN_TYPE}


def facts_of(thing: OneThing, condition: Condition) -> Mapping[str, Trust]:
    """Every fact that ``condition`` asks for, as a dotted path, with its trust.

    Raises `ExpressionError` if the expression is wrong.
    """
    kinds: dict[Path, FieldKind] = {
        (section.code, field.code): field.kind
        for section in thing.sections
        for field in section.fields
    }
    paths = expression_checks.paths(condition.expression, names_of(thing))
    whole = {path for path in paths if not any(_is_part(other, path) for other in paths)}
    return {".".join(path): _trust(path, kinds) for path in sorted(whole)}


def _is_part(other: Path, path: Path) -> bool:
    """True if ``other`` says more exactly what ``path`` asks for: a question of its section."""
    return len(other) > len(path) and other[: len(path)] == path


def _trust(path: Path, kinds: Mapping[Path, FieldKind]) -> Trust:
    if path[0] == KNOWN:
        fact = KNOWN_FACTS.get(path[1]) if len(path) > 1 else None
        return fact.trust if fact else Trust.DECLARED
    if path[0] in CIRCUMSTANCES:
        return Trust.OWN_RECORD
    return Trust.CHECKED_NUMBER if kinds.get(path[:2]) in CHECKED_KINDS else Trust.DECLARED


def least(levels: Iterable[Trust]) -> Trust:
    """The lowest of ``levels``; what rests on nothing rests on the authority's own rules."""
    return max(levels, default=Trust.OWN_RECORD)
