"""Logs as lines of JSON in production, readable otherwise, and never with personal data.

A line says which request or job it belongs to, and whose, by ids. What exceptions say is left out
in production: a database puts the row that it refuses into its words, and the row is somebody's.
Where it happened is kept, which is what mends a bug.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars, merge_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

from core.settings import ROOT

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
REQUEST_ID = "request_id"
MOST_FRAMES = 30
ROWS = re.compile(r"\b(?:DETAIL|CONTEXT|STATEMENT|LINE \d+):|\[SQL:|\[parameters:")
CASE_KEY = re.compile(r"\d{6}(-[a-z]+)?/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Anybody may type anything into an address; only this is repeated."""
QUIET = ("procrastinate", "psycopg.pool", "werkzeug")
"""What these tell at the level of information is told by our own lines, or said by nobody."""


def configure(
    *, production: bool, level: str | None = None, stream: TextIO | None = None
) -> logging.Handler:
    """Send everything that is logged in this process to ``stream``, standard output if None.

    Asked again it replaces what it set up before.
    """
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(formatter(production=production))
    handler.set_name("yichuang")
    root = logging.getLogger()
    for earlier in [each for each in root.handlers if each.get_name() == "yichuang"]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(LEVELS[level or ("info" if production else "warning")])
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    return handler


def formatter(*, production: bool) -> logging.Formatter:
    """What turns a record, ours or a library's, into a line."""
    shared: list[Processor] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=FACTS),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if production:
        last += [
            _without_rows,
            _places_of_exception,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        last.append(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()))
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last)


FACTS = (
    "actor_id",
    "route",
    "method",
    "status",
    "duration_ms",
    "case",
    "error",
    "job",
    "job_id",
    "attempt",
    "outcome",
    "command",
)
"""What a line may say beside its sentence: ids, codes and numbers."""


def tell(logger: logging.Logger, level: int, sentence: str, **facts: object) -> None:
    """Log one event with its facts, each of `FACTS`; what is None is left out."""
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise ValueError(f"say in FACTS what these are: {sorted(unknown)}")
    given = {name: value for name, value in facts.items() if value is not None}
    logger.log(level, sentence, extra=given)


@contextmanager
def on_behalf_of(request_id: str | None) -> Iterator[str]:
    """Mark every line of the block, and every job enqueued in it, with one id; gives the id."""
    known = request_id or uuid4().hex
    with bound_contextvars(**{REQUEST_ID: known}):
        yield known


def current_request_id() -> str | None:
    """The id of the request on whose behalf this thread works, if of any."""
    found = get_contextvars().get(REQUEST_ID)
    return str(found) if found else None


def case_of(values: Mapping[str, Any]) -> str | None:
    """The key of the case that an address or a job names, as one word; None if it is no key."""
    key = f"{values.get('district_code')}/{values.get('case_id')}"
    return key if CASE_KEY.fullmatch(key) else None


def _without_rows(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """What a library repeats of the database's words ends where the row begins."""
    line["event"] = ROWS.split(str(line["event"]), maxsplit=1)[0].rstrip()
    return line


def _places_of_exception(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Of an exception its kinds and places; never its words."""
    found = line.pop("exc_info", None)
    line.pop("stack_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        line["exception"] = [_told(each) for each in _chain(error)]
    return line


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it came from, the last first; a ring is walked once."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _told(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    told: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "places": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    sqlstate = getattr(error, "sqlstate", None)
    return told | ({"sqlstate": sqlstate} if sqlstate else {})


def _short(name: str) -> str:
    """A file of the program by its place in it, one of a library by its last two parts."""
    path = Path(name)
    if path.is_relative_to(ROOT) and ".venv" not in path.parts:
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-2:])
