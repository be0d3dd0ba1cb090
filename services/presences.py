"""Who else has a task open just now: told as a courtesy, and never in anybody's way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.text import Text
from models.person import Person
from models.presence import Presence
from services.cases import CaseKey
from services.opened_case import open_case
from services.queue import TaskKey, reach
from workflows.permissions import Actor

LOOKING = timedelta(seconds=90)
"""Whoever was seen since then is looking now: pages tell every half minute that they are open."""
COUNTS = timedelta(minutes=10)
"""For so long it is worth telling that somebody had it open."""

IS_LOOKING = Text(zh="{name} 正在看", en="{name} is looking at it")
WAS_THERE = Text(zh="{name} {minutes} 分钟前打开过", en="{name} opened it {minutes} min ago")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Somebody else who has, or had, the same task open."""

    name: str
    seen_at: datetime

    def words(self, at: datetime) -> Text:
        """Who, and how long ago, seen from the instant ``at``."""
        ago = at - self.seen_at
        if ago <= LOOKING:
            return IS_LOOKING.format(name=self.name)
        return WAS_THERE.format(name=self.name, minutes=ago // timedelta(minutes=1))


def note(session: Session, actor: Actor, task: TaskKey, at: datetime) -> None:
    """Remember that the actor has the task open. Raises `NotFoundError` as `open_case` does."""
    opened = open_case(session, actor, task, at)
    row = {
        "handling_district_code": opened.handling_district_code,
        "district_code": task.key.district_code,
        "case_id": task.key.case_id,
        "item_code": task.item_code,
        "person_id": actor.id,
        "seen_at": at,
    }
    statement = insert(Presence).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=list(row)[:-1],
            set_={"seen_at": statement.excluded.seen_at},
            where=Presence.seen_at < statement.excluded.seen_at,
        )
    )


def others(
    session: Session, actor: Actor, tasks: Collection[TaskKey], at: datetime
) -> dict[TaskKey, tuple[Watcher, ...]]:
    """Who else has opened these tasks lately, the last first. Only of the actor's own queues."""
    found: dict[TaskKey, tuple[Watcher, ...]] = {}
    rows = session.execute(
        select(Presence, Person.name)
        .join(Person, Person.id == Presence.person_id)
        .where(
            Presence.handling_district_code.in_(reach(actor, at).district_codes),
            Presence.case_id.in_({task.key.case_id for task in tasks}),
            Presence.person_id != actor.id,
            Presence.seen_at > at - COUNTS,
        )
        .order_by(Presence.seen_at.desc())
    )
    for presence, name in rows:
        key = CaseKey(presence.district_code, presence.case_id)
        task = TaskKey(key=key, item_code=presence.item_code)
        if task in tasks:
            watcher = Watcher(name=name, seen_at=presence.seen_at)
            found[task] = (*found.get(task, ()), watcher)
    return found


def forget_old(session: Session, at: datetime) -> int:
    """Delete what does not count any more; how many rows."""
    gone = session.execute(
        delete(Presence)
        .prefix_with(across_districts("sweeping what has run out"))
        .where(Presence.seen_at <= at - COUNTS)
        .returning(Presence.case_id)
    )
    return len(gone.all())
