"""Reads the part of CEL that definitions use into a tree, so that it can be checked before use.

The library evaluates but shows no tree. This reader accepts a subset of CEL on purpose: what it
refuses (null, maps, bytes, optional syntax) has no place in a rule.
"""

import re
from dataclasses import dataclass

from core.text import Text

MAXIMUM_CHARACTERS = 1000
MAXIMUM_DEPTH = 20

MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
"""Methods of lists that bind a loop variable."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>\d+(?:\.\d+)?)
      | (?P<text>"(?:[^"\\\n]|\\["\\nt])*"|'(?:[^'\\\n]|\\['\\nt])*')
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,()\[\]])
    )""",
    re.VERBOSE,
)
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"==", "!=", "<", "<=", ">", ">=", "in"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)
_RESERVED = frozenset({"in", "null", "true", "false"})


class ExpressionError(Exception):
    """The expression cannot be used; ``sentence`` says why, for the author of the file."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text or a truth value written in the expression."""

    value: int | float | str | bool


@dataclass(frozen=True, slots=True)
class Name:
    """A variable: a section, ``row``, or what a loop binds."""

    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """``operand.field``."""

    operand: "Node"
    field: str


@dataclass(frozen=True, slots=True)
class Call:
    """``function(a, b)``, or with a target ``a.method(b)``; operators are calls too."""

    function: str
    target: "Node | None"
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """``[a, b]``."""

    elements: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """``condition ? yes : no``."""

    condition: "Node"
    yes: "Node"
    no: "Node"


Node = Literal | Name | Select | Call | ListOf | Conditional


def parse(expression: str) -> Node:
    """The tree of ``expression``. Raises `ExpressionError` with a sentence for its author."""
    if len(expression) > MAXIMUM_CHARACTERS:
        raise ExpressionError(
            Text(
                zh=f"表达式超过 {MAXIMUM_CHARACTERS} 个字符，请拆成几条规则。",
                en=f"The expression is longer than {MAXIMUM_CHARACTERS} characters; split it.",
            )
        )
    return _Reader(expression).whole()


class _Reader:
    """Recursive descent, one method for each kind of phrase."""

    def __init__(self, expression: str) -> None:
        self._tokens = _tokens(expression)
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._conditional()
        if self._at < len(self._tokens):
            raise _unexpected(self._tokens[self._at][1])
        return node

    def _conditional(self) -> Node:
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise ExpressionError(
                Text(
                    zh=f"括号嵌套超过 {MAXIMUM_DEPTH} 层。",
                    en=f"Nested deeper than {MAXIMUM_DEPTH} levels.",
                )
            )
        node = self._binary(0)
        if self._accept("?"):
            yes = self._conditional()
            self._expect(":")
            node = Conditional(node, yes, self._conditional())
        self._depth -= 1
        return node

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self._binary(level + 1)
        while self._sign() in _LEVELS[level]:
            operator = self._next()
            node = Call(operator, None, (node, self._binary(level + 1)))
        return node

    def _unary(self) -> Node:
        signs = []
        while self._sign() in {"!", "-"}:
            signs.append(self._next())
        if len(signs) > MAXIMUM_DEPTH:
            raise _unexpected(signs[0])
        node = self._member()
        for sign in reversed(signs):
            node = Call("negate" if sign == "-" else "!", None, (node,))
        return node

    def _member(self) -> Node:
        node = self._primary()
        while True:
            if self._accept("."):
                field = self._name()
                if self._accept("("):
                    node = Call(field, node, self._list_until(")"))
                else:
                    node = Select(node, field)
            elif self._accept("["):
                node = Call("[]", node, (self._conditional(),))
                self._expect("]")
            else:
                return node

    def _primary(self) -> Node:
        if self._accept("("):
            node = self._conditional()
            self._expect(")")
            return node
        if self._accept("["):
            return ListOf(self._list_until("]"))
        kind, word = self._peek()
        if kind in {"number", "text"} or word in {"true", "false"}:
            self._at += 1
            return Literal(_value(kind, word))
        name = self._name()
        if self._accept("("):
            return Call(name, None, self._list_until(")"))
        return Name(name)

    def _list_until(self, end: str) -> tuple[Node, ...]:
        if self._accept(end):
            return ()
        found = [self._conditional()]
        while self._accept(","):
            found.append(self._conditional())
        self._expect(end)
        return tuple(found)

    def _name(self) -> str:
        kind, word = self._peek()
        if word == "null":
            raise ExpressionError(
                Text(
                    zh="不要写 null：没有填写的内容用 has(…) 判断。",
                    en="Do not write null: ask has(…) whether something was answered.",
                )
            )
        if kind != "name" or word in _RESERVED:
            raise _unexpected(word)
        self._at += 1
        return word

    def _peek(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise ExpressionError(
                Text(zh="表达式没有写完。", en="The expression ends too early."),
            )
        return self._tokens[self._at]

    def _sign(self) -> str:
        """The next word if it is an operator (a text literal that looks like one is not)."""
        if self._at >= len(self._tokens):
            return ""
        kind, word = self._tokens[self._at]
        return word if kind == "sign" or word == "in" else ""

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _accept(self, sign: str) -> bool:
        if self._sign() == sign:
            self._at += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise _unexpected(self._peek()[1])


def _tokens(expression: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    end = len(expression.rstrip())
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None or match.lastgroup is None:
            raise _unexpected(expression[at : at + 12].strip())
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


def _value(kind: str, word: str) -> int | float | str | bool:
    if kind == "text":
        return re.sub(r"\\(.)", lambda match: _escaped(match.group(1)), word[1:-1])
    if kind == "number":
        return float(word) if "." in word else int(word)
    return word == "true"


def _escaped(mark: str) -> str:
    return {"n": "\n", "t": "\t"}.get(mark, mark)


def _unexpected(word: str) -> ExpressionError:
    return ExpressionError(
        Text(zh=f"看不懂这里的“{word}”。", en=f'"{word}" is not understood here.'),
    )
