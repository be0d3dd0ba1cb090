"""What an expression may ask and what it gives: every path, operator and function checked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from catalog.expression_syntax import (
    MACROS,
    Call,
    Conditional,
    ExpressionError,
    ListOf,
    Literal,
    Name,
    Node,
    Select,
)
from catalog.schema import Field, FieldKind, Section
from core.text import Text


class Basic(StrEnum):
    """The kinds of value that an answer or a result has."""

    TEXT = "text"
    WHOLE = "whole number"
    TRUTH = "truth value"
    LIST = "list"
    RECORD = "section"
    ANY = "anything"


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value. A choice knows its options, a list its element, a section its fields."""

    basic: Basic
    options: frozenset[str] | None = None
    is_written: bool = False
    """True if ``options`` are texts of the expression itself, not those of a question."""
    element: "Type | None" = None
    fields: Mapping[str, "Type"] = field(default_factory=dict, hash=False)


TEXT: Final = Type(Basic.TEXT)
WHOLE: Final = Type(Basic.WHOLE)
TRUTH: Final = Type(Basic.TRUTH)
ANY: Final = Type(Basic.ANY)


def list_of(element: Type) -> Type:
    """A list of ``element``."""
    return Type(Basic.LIST, element=element)


SIGNATURES: Final[Mapping[str, tuple[tuple[Type, ...], Type]]] = {
    "characters": ((TEXT,), WHOLE),
    "sum": ((list_of(WHOLE),), WHOLE),
    "days_between": ((TEXT, TEXT), WHOLE),
    "years_after": ((TEXT, WHOLE), TEXT),
    "are_distinct": ((list_of(ANY),), TRUTH),
    "is_chinese": ((TEXT,), TRUTH),
    "starts_with_any": ((TEXT, list_of(TEXT)), TRUTH),
    "contains_any": ((TEXT, list_of(TEXT)), TRUTH),
    "is_division_name": ((TEXT,), TRUTH),
    "is_pre_licence": ((TEXT,), TRUTH),
}
_MACRO_ARGUMENTS = 2
_TEXT_METHODS = frozenset({"startsWith", "endsWith", "contains"})

CIRCUMSTANCES: Final[Mapping[str, Type]] = {
    "today": TEXT,
    "place": Type(
        Basic.RECORD,
        fields=dict.fromkeys(("district_code", "region_code"), TEXT)
        | dict.fromkeys(("name_prefixes", "served_regions"), list_of(TEXT)),
    ),
}
"""What rules know beside the answers: the day, and the district of the case."""


ENTRY: Final = "entry"
ENTRY_TYPE: Final = Type(
    Basic.RECORD,
    fields={"thing": TEXT, "item": TEXT, "district": TEXT, "home_district": TEXT},
)
"""What rules of assignment know of a queue entry, beside the answers of its case."""


def field_type(question: Field) -> Type:
    """The type of the answer to ``question``."""
    match question.kind:
        case FieldKind.INTEGER | FieldKind.MONEY | FieldKind.PERCENT:
            return WHOLE
        case FieldKind.YES_NO | FieldKind.PROMISE:
            return TRUTH
        case FieldKind.SCOPE_CODES:
            return list_of(TEXT)
        case FieldKind.CHOICE | FieldKind.CHOICES:
            choice = Type(Basic.TEXT, options=frozenset(opt.value for opt in question.options))
            return choice if question.kind is FieldKind.CHOICE else list_of(choice)
    return TEXT


def line_type(fields: Iterable[Field]) -> Type:
    """The type of one line of a section with these ``fields``: what ``row`` is."""
    return Type(Basic.RECORD, fields={part.code: field_type(part) for part in fields})


def answers_types(sections: Iterable[Section]) -> dict[str, Type]:
    """The names that a condition may use: each of ``sections``. Rules know `CIRCUMSTANCES` too."""
    found: dict[str, Type] = {}
    for section in sections:
        line = line_type(section.fields)
        found[section.code] = list_of(line) if section.repeat else line
    return found


Path = tuple[str, ...]


class Checker:
    """Walks one tree; ``paths`` are the answers it asks for, loop variables resolved to theirs."""

    def __init__(self, names: Mapping[str, Type]) -> None:
        self._scope: dict[str, tuple[Type, Path | None]] = {
            name: (kind, (name,)) for name, kind in names.items()
        }
        self.paths: set[Path] = set()

    def type_of(self, node: Node) -> Type:
        """The type of what ``node`` gives. Raises `ExpressionError` if it cannot be right."""
        return self._infer(node)[0]

    def _infer(self, node: Node) -> tuple[Type, Path | None]:
        match node:
            case Literal():
                return _literal_type(node), None
            case Name():
                return self._name(node)
            case Select():
                return self._select(node)
            case ListOf():
                return self._list(node), None
            case Conditional():
                return self._conditional(node), None
            case Call():
                return self._call(node)

    def _name(self, node: Name) -> tuple[Type, Path | None]:
        if node.name not in self._scope:
            raise _wrong(
                "没有名为“{name}”的部分。", 'There is no section called "{name}".', name=node.name
            )
        kind, path = self._scope[node.name]
        if path is not None:
            self.paths.add(path)
        return kind, path

    def _select(self, node: Select) -> tuple[Type, Path | None]:
        operand, path = self._infer(node.operand)
        if operand.basic is Basic.LIST:
            raise _wrong(
                "“{name}”在可重复的部分里，请用 all、exists、map 等逐行取用。",
                '"{name}" is in a repeating section; use all, exists or map to ask each line.',
                name=node.field,
            )
        if operand.basic is not Basic.RECORD or node.field not in operand.fields:
            raise _wrong(
                "没有名为“{name}”的问题。", 'There is no question called "{name}".', name=node.field
            )
        inner = (*path, node.field) if path is not None else None
        if inner is not None:
            self.paths.add(inner)
        return operand.fields[node.field], inner

    def _list(self, node: ListOf) -> Type:
        kinds = [self.type_of(element) for element in node.elements]
        if not kinds:
            return list_of(ANY)
        for kind in kinds[1:]:
            _must_match(kinds[0], kind)
        texts = [part.value for part in node.elements if isinstance(part, Literal)]
        if len(texts) == len(kinds) and kinds[0].basic is Basic.TEXT:
            return list_of(_written(str(text) for text in texts))
        return list_of(kinds[0])

    def _conditional(self, node: Conditional) -> Type:
        _must_be(Basic.TRUTH, self.type_of(node.condition))
        yes, no = self.type_of(node.yes), self.type_of(node.no)
        _must_match(yes, no)
        return yes if yes == no else Type(yes.basic)

    def _call(self, node: Call) -> tuple[Type, Path | None]:
        if node.target is None and node.function in _OPERATORS:
            kinds = [self.type_of(part) for part in node.arguments]
            return _OPERATORS[node.function](kinds), None
        if node.target is None:
            return self._function(node), None
        if node.function == "[]":
            return self._index(node)
        if node.function in MACROS:
            return self._macro(node)
        return self._method(node), None

    def _function(self, node: Call) -> Type:
        if node.function == "has":
            if len(node.arguments) != 1 or not isinstance(node.arguments[0], Select):
                raise _wrong("has 里应写一个问题。", "has takes one question.")
            self._infer(node.arguments[0])
            return TRUTH
        if node.function == "size":
            raise _wrong(
                "不要用 size(…)：文字请用 characters(…)，列表请用 .size()。",
                "Do not use size(…): use characters(…) for texts and .size() for lists.",
            )
        if node.function not in SIGNATURES:
            raise _wrong(
                "没有名为“{name}”的函数。", 'There is no function "{name}".', name=node.function
            )
        wanted, result = SIGNATURES[node.function]
        if len(wanted) != len(node.arguments):
            raise _wrong(
                "函数“{name}”的参数个数不对。",
                '"{name}" has the wrong number of arguments.',
                name=node.function,
            )
        for kind, argument in zip(wanted, node.arguments, strict=True):
            _must_match(kind, self.type_of(argument))
        return result

    def _index(self, node: Call) -> tuple[Type, Path | None]:
        if node.target is None:
            raise AssertionError("an index has a target")
        target, path = self._infer(node.target)
        _must_be(Basic.LIST, target)
        _must_be(Basic.WHOLE, self.type_of(node.arguments[0]))
        return target.element or ANY, path

    def _method(self, node: Call) -> Type:
        if node.target is None:
            raise AssertionError("a method has a target")
        target = self.type_of(node.target)
        kinds = [self.type_of(argument) for argument in node.arguments]
        if node.function == "size" and not kinds:
            if target.basic is Basic.TEXT:
                raise _wrong(
                    "文字的长度请用 characters(…)：size 数的是字节。",
                    "Use characters(…) for the length of a text: size counts bytes.",
                )
            _must_be(Basic.LIST, target)
            return WHOLE
        if node.function in _TEXT_METHODS and len(kinds) == 1:
            _must_be(Basic.TEXT, target)
            _must_be(Basic.TEXT, kinds[0])
            return TRUTH
        raise _wrong("没有名为“{name}”的方法。", 'There is no method "{name}".', name=node.function)

    def _macro(self, node: Call) -> tuple[Type, Path | None]:
        if node.target is None or len(node.arguments) != _MACRO_ARGUMENTS:
            raise _wrong(
                "“{name}”应写成 列表.{name}（变量, 条件）。",
                "Write it as list.{name}(variable, condition).",
                name=node.function,
            )
        target, path = self._infer(node.target)
        _must_be(Basic.LIST, target)
        variable, body = node.arguments
        if not isinstance(variable, Name) or variable.name in self._scope:
            raise _wrong(
                "循环变量应是一个没有用过的名称。", "The loop variable must be a name not yet used."
            )
        self._scope[variable.name] = (target.element or ANY, path)
        result = self.type_of(body)
        del self._scope[variable.name]
        if node.function == "map":
            return list_of(result), None
        _must_be(Basic.TRUTH, result)
        return (target, path) if node.function == "filter" else (TRUTH, None)


def _literal_type(node: Literal) -> Type:
    match node.value:
        case bool():
            return TRUTH
        case int():
            return WHOLE
        case float():
            raise _wrong(
                "请用整数：金额以分、比例以万分之一计。",
                "Use whole numbers: money is in fen, percentages in hundredths.",
            )
    return _written([node.value])


def _written(texts: Iterable[str]) -> Type:
    return Type(Basic.TEXT, options=frozenset(texts), is_written=True)


def _must_be(wanted: Basic, kind: Type) -> None:
    if kind.basic not in {wanted, Basic.ANY}:
        raise _wrong(
            "这里需要{wanted}，得到的却是{got}。",
            "A {wanted} is needed here, and this is a {got}.",
            wanted=_BASIC_WORDS[wanted],
            got=_BASIC_WORDS[kind.basic],
        )


def _must_match(first: Type, second: Type) -> None:
    if Basic.ANY in {first.basic, second.basic}:
        return
    _must_be(first.basic, second)
    if first.element is not None and second.element is not None:
        _must_match(first.element, second.element)
    if first.is_written != second.is_written:
        written, choice = (first, second) if first.is_written else (second, first)
        _must_be_options(written.options or frozenset(), choice.options)


def _must_be_options(written: frozenset[str], options: frozenset[str] | None) -> None:
    """A text that is compared with a choice must be one of its options."""
    if options is not None and not written <= options:
        raise _wrong(
            "没有名为“{name}”的选项。",
            'There is no option called "{name}".',
            name="、".join(sorted(written - options)),
        )


def _logic(kinds: list[Type]) -> Type:
    for kind in kinds:
        _must_be(Basic.TRUTH, kind)
    return TRUTH


def _comparison(kinds: list[Type]) -> Type:
    _must_match(*kinds)
    return TRUTH


def _order(kinds: list[Type]) -> Type:
    if kinds[0].basic not in {Basic.WHOLE, Basic.TEXT, Basic.ANY}:
        _must_be(Basic.WHOLE, kinds[0])
    _must_be(kinds[0].basic, kinds[1])
    return TRUTH


def _membership(kinds: list[Type]) -> Type:
    _must_be(Basic.LIST, kinds[1])
    _must_match(kinds[0], kinds[1].element or ANY)
    return TRUTH


def _addition(kinds: list[Type]) -> Type:
    if kinds[0].basic is Basic.TEXT:
        _must_be(Basic.TEXT, kinds[1])
        return TEXT
    return _arithmetic(kinds)


def _arithmetic(kinds: list[Type]) -> Type:
    for kind in kinds:
        _must_be(Basic.WHOLE, kind)
    return WHOLE


_OPERATORS: Final[Mapping[str, Callable[[list[Type]], Type]]] = {
    "||": _logic,
    "&&": _logic,
    "!": _logic,
    "==": _comparison,
    "!=": _comparison,
    "<": _order,
    "<=": _order,
    ">": _order,
    ">=": _order,
    "in": _membership,
    "+": _addition,
    "-": _arithmetic,
    "*": _arithmetic,
    "/": _arithmetic,
    "%": _arithmetic,
    "negate": _arithmetic,
}
_BASIC_WORDS: Final[Mapping[Basic, Text]] = {
    Basic.TEXT: Text(zh="文字", en="text"),
    Basic.WHOLE: Text(zh="整数", en="whole number"),
    Basic.TRUTH: Text(zh="是或否", en="yes or no"),
    Basic.LIST: Text(zh="列表", en="list"),
    Basic.RECORD: Text(zh="一个部分", en="section"),
    Basic.ANY: Text(zh="任意内容", en="value"),
}


def _wrong(chinese: str, english: str, **values: object) -> ExpressionError:
    sentence = Text(zh=chinese, en=english)
    return ExpressionError(sentence.format(**values) if values else sentence)
