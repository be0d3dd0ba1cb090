"""The modes of handling and the routes with which a demonstration begins, as data."""

from functools import cache
from pathlib import Path
from uuid import UUID

from pydantic import Field as Bounded
from pydantic import ValidationError

from catalog.source import CatalogueError, Source
from core.text import Text
from models.routing import ClockFrom, ResultsAt, Way
from workflows.process import Code, Frozen

FILE = Path(__file__).parent / "routing.yaml"


class ExampleMode(Frozen):
    """A mode of handling with its example label."""

    code: Code
    label: Text
    description: Text
    is_closed_list: bool = False


class ExampleRoute(Frozen):
    """A route; without ``item`` it is for every item of the one-thing."""

    id: UUID
    mode: Code
    thing: Code
    item: Code | None = None
    accepting: tuple[str, ...] = Bounded(min_length=1)
    condition: str | None = None
    condition_words: Text | None = None
    deciding: str
    way: Way
    clock_from: ClockFrom
    results_at: ResultsAt
    recognises_licences: bool


class RoutingFile(Frozen):
    """The whole of ``routing.yaml``."""

    modes: tuple[ExampleMode, ...] = Bounded(min_length=6, max_length=6)
    routes: tuple[ExampleRoute, ...]


@cache
def examples(path: Path = FILE) -> RoutingFile:
    """Read the file. Raises `CatalogueError` with every mistake, its file and line."""
    source = Source(path, name=path.name)
    if source.mistakes:
        raise CatalogueError(source.mistakes)
    try:
        return RoutingFile.model_validate(source.data)
    except ValidationError as error:
        raise CatalogueError(
            [
                source.mistake(problem["loc"], Text(zh=problem["msg"], en=problem["msg"]))
                for problem in error.errors()
            ]
        ) from error
