"""A YAML file as data that remembers its lines, so that every mistake can be shown at its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

from core.errors import DefinitionError
from core.text import Text

MAXIMUM_BYTES = 1_000_000
MAXIMUM_DEPTH = 30

Place = tuple[str | int, ...]
"""The way to a value in a file: names and positions."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing that is wrong in a catalogue file."""

    file: str
    line: int
    sentence: Text = field(compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence.zh} {self.sentence.en}"


class CatalogueError(DefinitionError):
    """Catalogue files are wrong; ``mistakes`` names all of them, with file and line."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        places = [(f"{mistake.file}:{mistake.line}", mistake.sentence) for mistake in self.mistakes]
        super().__init__(
            Text(
                zh="\n".join(f"{place}: {sentence.zh}" for place, sentence in places),
                en="\n".join(f"{place}: {sentence.en}" for place, sentence in places),
            )
        )


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The reader in C is ten times as fast; where the library came without it, its own serves."""


class _Loader(_Base):  # type: ignore[misc]  # the base is chosen when the module is loaded
    """YAML as its authors mean it: ``no`` and ``10:30`` are texts, only true and false are not."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""]
)


class Source:
    """One file: its ``data`` as plain lists and mappings, and the line of every place in it."""

    def __init__(self, path: Path, *, name: str | None = None) -> None:
        """Read ``path``; ``mistakes`` holds what is wrong with the writing itself."""
        self.name = name or path.name
        self.mistakes: list[Mistake] = []
        self.data: object = None
        self._lines: dict[Place, int] = {(): 1}
        root = self._compose(path)
        if root is not None:
            self.data = self._plain(root, ())

    def line(self, place: Place) -> int:
        """The line of ``place``, or of the nearest thing around it that is in the file.

        A part that is not in the file, like the kind of an entry of several kinds, is passed over.
        """
        found: Place = ()
        for part in place:
            if (*found, part) in self._lines:
                found = (*found, part)
        return self._lines[found]

    def mistake(self, place: Place, sentence: Text) -> Mistake:
        """A mistake of this file at ``place``."""
        return Mistake(self.name, self.line(place), sentence)

    def _compose(self, path: Path) -> yaml.Node | None:
        try:
            written = path.read_bytes()
            if len(written) > MAXIMUM_BYTES:
                self._note(1, Text(zh="文件超过 1 MB。", en="The file is larger than 1 MB."))
                return None
            text = written.decode("utf-8")
            if not self._is_plain(text):
                return None
            node: yaml.Node | None = yaml.compose(text, _Loader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self._note(
                line,
                Text(
                    zh=f"YAML 写法有误：{error.problem}。",
                    en=f"This is not well-formed YAML: {error.problem}.",
                ),
            )
        except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError):
            self._note(
                1,
                Text(
                    zh="无法读取：应是 UTF-8 编码的 YAML 文件。",
                    en="It cannot be read; it should be YAML in UTF-8.",
                ),
            )
        else:
            if node is None:
                self._note(1, Text(zh="文件是空的。", en="The file is empty."))
            return node
        return None

    def _is_plain(self, text: str) -> bool:
        """No aliases, and no nesting so deep that building the tree would exhaust the stack."""
        depth = 0
        for event in yaml.parse(text, _Loader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                self._note(line, Text(zh="不能使用 * 别名。", en="Aliases (*) may not be used."))
                return False
            if depth > MAXIMUM_DEPTH:
                self._note(line, Text(zh="嵌套太深。", en="It is nested too deeply."))
                return False
        return True

    def _note(self, line: int, sentence: Text) -> None:
        self.mistakes.append(Mistake(self.name, line, sentence))

    def _plain(self, node: yaml.Node, place: Place) -> object:
        self._lines.setdefault(place, node.start_mark.line + 1)
        match node:
            case yaml.MappingNode():
                return self._mapping(node, place)
            case yaml.SequenceNode():
                return [self._plain(part, (*place, at)) for at, part in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in found:
                self._note(line, Text(zh=f"“{name}”写了两次。", en=f'"{name}" is written twice.'))
            self._lines[(*place, name)] = line
            found[name] = self._plain(value, (*place, name))
        return found


def _scalar(node: yaml.Node) -> object:
    match node.tag:
        case "tag:yaml.org,2002:int":
            return int(node.value)
        case "tag:yaml.org,2002:bool":
            return bool(node.value == "true")
        case "tag:yaml.org,2002:null":
            return None
    return str(node.value)
