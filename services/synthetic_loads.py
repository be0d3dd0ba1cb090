"""The load of synthetic cases: begun once, going on where it stopped, never two at a time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import DomainError
from core.text import Text
from models.synthetic_load import SyntheticLoad

CODE = "demonstration"
LOCK = 620199
"""The number of the lock that a running load holds: that of the region which no place has."""

RUNNING = Text(
    zh="另一个进程正在载入演示办件，这一次不再重复载入。",
    en="Another process is loading the synthetic cases; this one leaves it to that.",
)
OTHER_PLAN = Text(
    zh="演示办件只载入了一部分，而且是按另一个版本的计划载入的，不能接着载入。",
    en="Some of the synthetic cases are there, by the plan of another version of the program, so "
    "that the load cannot go on.",
)
EMPTY_DATABASE = Text(
    zh="请换一个空的数据库重新载入（删除 DATA_FOLDER 指定的文件夹，或者另设 DATABASE_URL）。",
    en="Load them into an empty database: remove the folder of DATA_FOLDER, or set another "
    "DATABASE_URL.",
)


class LoadRunningError(DomainError):
    """Another process is loading."""

    code = "load_running"


class OtherPlanError(DomainError):
    """What is there was loaded by another plan."""

    code = "other_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How far a load is. ``anchor`` is the instant before which everything of it happened."""

    anchor: datetime
    wanted: int
    loaded: int

    @property
    def is_whole(self) -> bool:
        """True if nothing is missing."""
        return self.loaded >= self.wanted


def progress(session: Session) -> tuple[int, int] | None:
    """How many cases are there and how many will be; None if none was begun, or all are there."""
    row = session.execute(
        select(SyntheticLoad.loaded, SyntheticLoad.wanted).where(
            SyntheticLoad.code == CODE, SyntheticLoad.ended_at.is_(None)
        )
    ).one_or_none()
    return (row.loaded, row.wanted) if row else None


def is_whole(session: Session) -> bool:
    """True if a load was begun and everything of it is there."""
    ended = select(SyntheticLoad.ended_at).where(SyntheticLoad.code == CODE)
    return session.execute(ended).scalar_one_or_none() is not None


def claim(session: Session) -> None:
    """Keep others from loading until the transaction of ``session`` ends, however it ends.

    Raises `LoadRunningError` while somebody else does.
    """
    if not session.execute(select(func.pg_try_advisory_xact_lock(LOCK))).scalar_one():
        raise LoadRunningError(RUNNING)


def begin(session: Session, wanted: int, plan_version: int, at: datetime) -> Load:
    """Begin the load of ``wanted`` cases before ``at``, or find the one that was begun.

    What was begun keeps its anchor and its number of cases.
    Raises `OtherPlanError` if it is not whole and was begun by another plan.
    """
    session.execute(
        insert(SyntheticLoad)
        .values(
            code=CODE,
            anchor_at=at,
            plan_version=plan_version,
            wanted=wanted,
            loaded=0,
            ended_at=None if wanted else at,
        )
        .on_conflict_do_nothing()
    )
    row = session.execute(select(SyntheticLoad).where(SyntheticLoad.code == CODE)).scalar_one()
    if row.ended_at is None and row.plan_version != plan_version:
        raise OtherPlanError(OTHER_PLAN, advice=EMPTY_DATABASE)
    return Load(anchor=row.anchor_at, wanted=row.wanted, loaded=row.loaded)


def count(session: Session, load: Load, more: int, at: datetime) -> Load:
    """Note in the transaction that wrote them that ``more`` cases are there.

    Raises `LoadRunningError` if somebody else has loaded meanwhile; nothing may be kept then.
    """
    loaded = load.loaded + more
    counted = session.execute(
        update(SyntheticLoad)
        .where(SyntheticLoad.code == CODE, SyntheticLoad.loaded == load.loaded)
        .values(loaded=loaded, ended_at=at if loaded >= load.wanted else None)
        .returning(SyntheticLoad.loaded)
    ).scalar_one_or_none()
    if counted is None:
        raise LoadRunningError(RUNNING)
    return Load(anchor=load.anchor, wanted=load.wanted, loaded=counted)
