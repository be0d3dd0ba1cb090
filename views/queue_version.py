"""The version of a queue's page: what it showed, what that rests on, and until when it is good."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request

from services import queue_versions
from views.actors import current_actor
from views.database import transaction
from views.localisation import locale
from views.queue_page import QueuePage, Row
from workflows.clocks import words_change_at

WATCHED = timedelta(seconds=30)
"""How long words about colleagues who look at an entry are good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a page rests on: who asks for what, and the marks at their desks."""

    asked: str
    stamp: str

    def page_version(self, page: QueuePage, at: datetime) -> str:
        """The version of a page that was read after this basis was."""
        shown = hashlib.sha256(f"{locale()} {page!r}".encode()).hexdigest()[:32]
        return f"{shown}-{self.asked}-{self.stamp}-{int(_good_until(page, at).timestamp())}"

    def still_good(self, versions: Iterable[str], at: datetime) -> str | None:
        """The version among those that the browser has which is good without another look."""
        for version in versions:
            shown, _, rest = version.partition("-")
            known, _, until = rest.rpartition("-")
            is_same = len(shown) == 32 and known == f"{self.asked}-{self.stamp}"  # noqa: PLR2004
            if is_same and until.isascii() and until.isdecimal() and at.timestamp() < int(until):
                return version
        return None


def basis(at: datetime) -> Basis:
    """What the page that is asked for rests on now; to be asked before the page is read."""
    actor = current_actor()
    with transaction() as session:
        stamp = queue_versions.stamp(session, actor, at)
    who = f"{locale()} {actor.id} {actor.grants!r} {request.query_string!r}"
    return Basis(asked=hashlib.sha256(who.encode()).hexdigest()[:16], stamp=str(stamp))


def is_same_page(versions: Iterable[str], version: str) -> bool:
    """Whether the browser shows what a fresh page would show, whatever it rested on."""
    shown = version.partition("-")[0]
    return any(each.partition("-")[0] == shown for each in versions)


def _good_until(page: QueuePage, at: datetime) -> datetime:
    with transaction() as session:
        counts = queue_versions.good_until(session, current_actor(), at)
    rows: list[Row] = [*page.rows, *page.handed_over, *page.assigned]
    words = [words_change_at(row.line.due_at, at) for row in rows if row.line.due_at]
    looking = [at + WATCHED for row in rows if row.watchers]
    return min([counts, *words, *looking])
