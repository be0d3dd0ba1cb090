"""What one question of a form must hold: its condition, options, bounds and default."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from catalog import fields
from catalog.expression_checks import mistakes
from catalog.expression_types import Type
from catalog.schema import Field, FieldKind
from catalog.source import Place
from core.text import Text

_WITH_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})
_ANY_DAY = date(2026, 1, 1)
NO_REGION = Text(
    zh="only_served 只用于县（区）（kind: region）。",
    en="only_served is for a county alone (kind: region).",
)


def question_mistakes(
    place: Place, question: Field, names: Mapping[str, Type]
) -> Iterator[tuple[Place, Text]]:
    """Everything that is wrong with ``question``; ``names`` is what its condition may ask."""
    if question.when is not None:
        for sentence in mistakes(question.when, names):
            yield (*place, "when"), sentence
    yield from _options(place, question)
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        yield (
            (*place, "minimum"),
            Text(zh="下限大于上限。", en="The minimum is greater than the maximum."),
        )
    if question.only_served and question.kind is not FieldKind.REGION:
        yield (*place, "only_served"), NO_REGION
    if question.default is not None:
        yield from _default(place, question, question.default)


def _options(place: Place, question: Field) -> Iterator[tuple[Place, Text]]:
    if (question.kind in _WITH_OPTIONS) != bool(question.options):
        yield (
            (*place, "kind"),
            Text(
                zh="选择题要有选项，其他题型不能有选项。",
                en="A choice needs options, and no other kind of question may have them.",
            ),
        )
    elif question.options and all(option.unavailable for option in question.options):
        yield (
            (*place, "options"),
            Text(zh="没有一个选项可以选。", en="None of the options can be chosen."),
        )
    counted = Counter(option.value for option in question.options)
    for value, count in counted.items():
        if count > 1:
            yield (
                (*place, "options"),
                Text(zh=f"选项“{value}”写了两次。", en=f'The option "{value}" stands twice.'),
            )


def _default(place: Place, question: Field, default: str) -> Iterator[tuple[Place, Text]]:
    typed = default.split() if question.kind is FieldKind.CHOICES else default
    if isinstance(fields.parse(question, typed, on=_ANY_DAY), fields.Unreadable):
        yield (
            (*place, "default"),
            Text(zh=f"默认值“{default}”不能用。", en=f'The default "{default}" is no answer.'),
        )
