"""Reports as files that the worker writes: asked for, listed, opened by who asked, forgotten.

The file is in the store before the row says so; it goes some days later, the row after a month.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, null, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import NotFoundError, NotPermittedError, TooManyAttemptsError
from core.text import LOCALES, Text
from models.base import new_id
from models.report_export import ExportState, ReportExport
from services import people, report_filters, reports
from services.jobs import enqueue
from services.ledger_scope import Filters, within_reach
from services.report_tables import Fact
from services.report_writing import FileFormat, Wanted
from services.reports import BoundReport
from workflows.permissions import Actor

WRITE_REPORT = "write_report"
"""The job; its body is in ``commands/jobs/report_exports.py``."""
KEPT = timedelta(days=7)
"""How long a file can be downloaded."""
LISTED = timedelta(days=30)
"""How long it is remembered that it was asked for."""
PATIENCE = timedelta(hours=1)
"""After which nobody waits any more for a file that was never written."""
MOST_LISTED = 100
MOST_WAITING = 10
WAIT_SECONDS = 60

NO_EXPORT = Text(
    zh="没有这个导出文件，可能已经过期清除。",
    en="There is no such export; it may have expired and been removed.",
)
NO_FORMAT = Text(zh="没有这种文件格式。", en="There is no such file format.")
TOO_MANY = Text(
    zh="您有 {count} 个文件还在排队生成，请等其中一个完成后再申请。",
    en="{count} of your files are still waiting to be written. Ask again when one is done.",
)
EXPIRED = Text(
    zh="这个文件已经过期清除。条件还在，可以重新申请。",
    en="This file has expired and was removed. Its filters are kept: ask for it again.",
)
NOT_READY = Text(
    zh="文件还没有生成好。请稍后再来下载。",
    en="The file is not written yet. Come back for it in a moment.",
)
BEYOND_REACH = Text(
    zh="这个文件里有您的账号现在不能查看的区域，不能下载。",
    en="This file holds districts that your account may no longer see; it cannot be downloaded.",
)
NOT_PERMITTED, INVALID, TOO_LARGE, BROKEN, GIVEN_UP = (
    "not_permitted",
    "invalid",
    "too_large",
    "broken",
    "given_up",
)
FAILURES: Mapping[str, Text] = {
    NOT_PERMITTED: Text(
        zh="轮到生成时，您的账号已经不能查看这个范围的账目，所以没有生成。",
        en="When its turn came, your account could no longer see this part of the ledger, so "
        "nothing was written.",
    ),
    INVALID: Text(
        zh="轮到生成时，筛选条件已经不成立，所以没有生成。请回到报告页重新选择条件。",
        en="When its turn came, its filters no longer made sense, so nothing was written. Choose "
        "them again on the report's page.",
    ),
    TOO_LARGE: Text(
        zh="文件太大，没有保存。请缩短期间或选择一个区域，再申请一次。",
        en="The file grew too large and was not kept. Choose a shorter period or one district and "
        "ask again.",
    ),
    BROKEN: Text(
        zh="生成时出错，重试几次仍不成功。账目没有受影响。请再申请一次；如果还不成功，请联系管理员。",
        en="Writing it failed several times. The ledger is not affected. Ask again; if it fails "
        "again, tell the administrator.",
    ),
    GIVEN_UP: Text(
        zh="等了一小时仍没有轮到。请再申请一次；如果还不成功，请联系管理员。",
        en="Its turn did not come within an hour. Ask again; if it fails again, tell the "
        "administrator.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for. ``typed`` are filters as typed, by name."""

    command_id: UUID
    report_code: str
    typed: Mapping[str, str]
    wanted: Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One file that somebody asked for, as its page shows it."""

    id: UUID
    report_code: str
    title: Text
    wanted: Wanted
    typed: Mapping[str, str]
    """The filters as typed, to ask again."""
    filters: tuple[Fact, ...]
    state: str
    """``waiting``, ``ready``, ``failed`` or ``expired``."""
    failure: Text | None
    asked_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    content_hash: bytes | None
    size_bytes: int | None
    row_count: int | None
    file_name: str | None
    holds_synthetic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the worker has to write, bound to what its asker may see now."""

    report: BoundReport
    wanted: Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a file holds."""

    row_count: int
    file_name: str
    holds_synthetic: bool
    reach: tuple[str, ...] | None
    """The districts that were read; None for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file whose content is in the store."""

    drawn: Drawn
    content_hash: bytes
    size_bytes: int


def ask(session: Session, actor: Actor, asked: Request, at: datetime) -> UUID:
    """Ask for a file; its id. The same command again is the same file.

    Raises `NotFoundError`, `NotPermittedError` (beyond reach), `RuleViolatedError` (filters) and
    `TooManyAttemptsError` (too many are waiting).
    """
    report = reports.named(asked.report_code)
    report.bind(actor, asked.typed, at)
    if asked.wanted.table_code not in {None, *report.tables}:
        raise NotFoundError(reports.NO_TABLE)
    known = _of_command(session, actor, asked.command_id)
    if known is not None:
        return known
    _count_waiting(session, actor)
    made = session.execute(
        insert(ReportExport)
        .values(
            id=new_id(),
            asked_by=actor.id,
            command_id=asked.command_id,
            asked_at=at,
            report_code=asked.report_code,
            format=asked.wanted.format.value,
            table_code=asked.wanted.table_code,
            filters=dict(asked.typed),
            language=asked.wanted.language,
            state=ExportState.WAITING,
        )
        .on_conflict_do_nothing(index_elements=["asked_by", "command_id"])
        .returning(ReportExport.id)
    ).scalar_one_or_none()
    if made is not None:
        # One person's files leave the worker free for others and for notices.
        turn = f"{WRITE_REPORT}:{actor.id}"
        enqueue(session, WRITE_REPORT, in_turn_for=turn, export_id=made)
        return made
    known = _of_command(session, actor, asked.command_id)
    if known is None:
        raise NotFoundError(NO_EXPORT)
    return known


def mine(session: Session, actor: Actor, at: datetime) -> tuple[Export, ...]:
    """What the actor asked for, the newest first."""
    rows = session.execute(
        select(ReportExport)
        .where(ReportExport.asked_by == actor.id)
        .order_by(ReportExport.asked_at.desc(), ReportExport.id.desc())
        .limit(MOST_LISTED)
    ).scalars()
    return tuple(_export(session, row, at) for row in rows)


def one(session: Session, actor: Actor, export_id: UUID, at: datetime) -> Export:
    """One that the actor asked for. Raises `NotFoundError` for anybody else's."""
    return _export(session, _own(session, actor, export_id), at)


def file_of(session: Session, actor: Actor, export_id: UUID, at: datetime) -> Export:
    """A file that the actor asked for and may download now.

    Raises `NotFoundError` (another's, not ready, failed or expired) and `NotPermittedError` (it
    holds districts that the actor may no longer see).
    """
    row = _own(session, actor, export_id)
    if row.state is ExportState.WAITING:
        raise NotFoundError(NOT_READY)
    if row.state is ExportState.FAILED:
        raise NotFoundError(FAILURES[row.failure_code or BROKEN])
    if _is_expired(row, at):
        raise NotFoundError(EXPIRED)
    held = tuple(row.reach) if row.reach is not None else None
    reached = within_reach(actor, Filters(district_codes=held), at)
    if held is None and reached.district_codes is not None:
        raise NotPermittedError(BEYOND_REACH)
    return _export(session, row, at)


def begin(session: Session, export_id: UUID, at: datetime) -> Order | None:
    """What is to be written, bound to what its asker may see now; None if nothing is left to do.

    Raises `NotFoundError`, `NotPermittedError` and `RuleViolatedError`.
    """
    row = session.get(ReportExport, export_id)
    if row is None or row.state is not ExportState.WAITING:
        return None
    person = people.get(session, row.asked_by, at)
    if person.disabled_at is not None:
        raise NotPermittedError(FAILURES[NOT_PERMITTED])
    asker = Actor(id=person.id, name=person.name, grants=person.grants)
    typed = report_filters.typed_filters(row.filters)
    bound = reports.named(row.report_code).bind(asker, typed, at)
    return Order(report=bound, wanted=_wanted(row))


def finish(session: Session, export_id: UUID, written: Written, at: datetime) -> bool:
    """Say that it can be downloaded; False if that was said, or given up, before."""
    drawn = written.drawn
    done = session.execute(
        update(ReportExport)
        .where(ReportExport.id == export_id, ReportExport.state == ExportState.WAITING)
        .values(
            state=ExportState.READY,
            finished_at=at,
            expires_at=at + KEPT,
            content_hash=written.content_hash,
            size_bytes=written.size_bytes,
            row_count=drawn.row_count,
            file_name=drawn.file_name,
            holds_synthetic=drawn.holds_synthetic,
            reach=list(drawn.reach) if drawn.reach is not None else null(),
        )
        .returning(ReportExport.id)
    )
    return done.first() is not None


def fail(session: Session, export_id: UUID, failure_code: str, at: datetime) -> None:
    """Say why there will be no file; one that is ready stays ready."""
    session.execute(
        update(ReportExport)
        .where(ReportExport.id == export_id, ReportExport.state == ExportState.WAITING)
        .values(state=ExportState.FAILED, failure_code=failure_code, finished_at=at)
    )


def forget_old(session: Session, at: datetime) -> int:
    """Give up what was never written, and delete rows after a month; how many rows changed."""
    given_up = session.execute(
        update(ReportExport)
        .where(ReportExport.state == ExportState.WAITING, ReportExport.asked_at < at - PATIENCE)
        .values(state=ExportState.FAILED, failure_code=GIVEN_UP, finished_at=at)
        .returning(ReportExport.id)
    ).all()
    forgotten = session.execute(
        delete(ReportExport).where(ReportExport.asked_at < at - LISTED).returning(ReportExport.id)
    ).all()
    return len(given_up) + len(forgotten)


def named_content(session: Session, hashes: Collection[bytes], at: datetime) -> set[bytes]:
    """Which of these content hashes can still be downloaded."""
    rows = session.execute(
        select(ReportExport.content_hash)
        .where(ReportExport.content_hash.in_(list(hashes)), ReportExport.expires_at > at)
        .distinct()
    ).scalars()
    return {bytes(each) for each in rows if each is not None}


def _of_command(session: Session, actor: Actor, command_id: UUID) -> UUID | None:
    return session.execute(
        select(ReportExport.id).where(
            ReportExport.asked_by == actor.id, ReportExport.command_id == command_id
        )
    ).scalar_one_or_none()


def _count_waiting(session: Session, actor: Actor) -> None:
    count = session.execute(
        select(func.count()).where(
            ReportExport.asked_by == actor.id, ReportExport.state == ExportState.WAITING
        )
    ).scalar_one()
    if count >= MOST_WAITING:
        raise TooManyAttemptsError(TOO_MANY.format(count=count), WAIT_SECONDS)


def _own(session: Session, actor: Actor, export_id: UUID) -> ReportExport:
    row = session.get(ReportExport, export_id)
    if row is None or row.asked_by != actor.id:
        raise NotFoundError(NO_EXPORT)
    return row


def _is_expired(row: ReportExport, at: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= at


def _wanted(row: ReportExport) -> Wanted:
    language = row.language if row.language in LOCALES else LOCALES[0]
    return Wanted(format=FileFormat(row.format), language=language, table_code=row.table_code)


def _export(session: Session, row: ReportExport, at: datetime) -> Export:
    typed = {name: str(value) for name, value in row.filters.items()}
    report = reports.REPORTS.get(row.report_code)
    is_expired = row.state is ExportState.READY and _is_expired(row, at)
    return Export(
        id=row.id,
        report_code=row.report_code,
        title=reports.title(row.report_code),
        wanted=_wanted(row),
        typed=typed,
        filters=report.in_words(session, typed) if report else (),
        state="expired" if is_expired else row.state.value,
        failure=FAILURES.get(row.failure_code) if row.failure_code else None,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
        content_hash=row.content_hash,
        size_bytes=row.size_bytes,
        row_count=row.row_count,
        file_name=row.file_name,
        holds_synthetic=bool(row.holds_synthetic),
    )
