"""Whether the service could serve somebody now, and if not, why: told to operators in words.

A need that is not met takes this server out of the turn. What is merely amiss is told and changes
nothing: without a worker, or with a full disk, everything else goes on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import exists, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.errors import SettingsError
from core.installation import (
    Disk,
    ServerState,
    disk,
    is_known_revision,
    newest_revision,
    server_state,
)
from core.text import Text
from models.definition import CalendarVersion, DefinitionVersion
from services import receipts
from services.operations import SILENT

MOST_SKEW = timedelta(seconds=5)
"""Events of two servers in one case are put in order by their clocks."""
LEAST_FREE_BYTES = 512 * 1024 * 1024
GIBIBYTE = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question and its answer."""

    code: str
    title: Text
    is_fine: bool
    is_needed: bool
    """Whether nobody may be sent here while it is not fine."""
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """All that was asked, the order being that of importance."""

    checks: tuple[Check, ...]
    server: ServerState | None
    disk: Disk | None

    @property
    def is_ready(self) -> bool:
        """Whether somebody may be sent here."""
        return all(check.is_fine for check in self.checks if check.is_needed)

    @property
    def failing(self) -> tuple[Check, ...]:
        """What is not fine, needed or not."""
        return tuple(check for check in self.checks if not check.is_fine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folders of this installation."""

    key_folder: Path
    data_folder: Path
    may_create_keys: bool
    """In the demonstration the first receipt makes the key."""


DATABASE = Text(zh="数据库", en="Database")
REVISION = Text(zh="数据表结构", en="Revision of the tables")
PUBLISHED = Text(zh="已发布的目录和日历", en="Published catalogue and calendar")
KEYS = Text(zh="签名密钥", en="Signing key")
CLOCK = Text(zh="时钟", en="Clock")
DISK = Text(zh="数据文件夹", en="Data folder")
WORKER = Text(zh="后台任务进程", en="Worker")


def unreachable(place: Place, reason: Text) -> Readiness:
    """What can be said without the database, which does not answer for ``reason``."""
    missing = Check(code="database", title=DATABASE, is_fine=False, is_needed=True, sentence=reason)
    room, state = _disk(place)
    return Readiness(checks=(missing, _keys(place), room), server=None, disk=state)


def check(session: Session, place: Place, at: datetime) -> Readiness:
    """Everything that serving needs, asked now. ``at`` is this machine's clock just before.

    Raises what the database raises if it goes away meanwhile.
    """
    server = server_state(session)
    room, state = _disk(place)
    checks = [_database(server), _revision(server)]
    if checks[-1].is_fine or not checks[-1].is_needed:
        checks += [_published(session), _worker(session, at)]
    checks += [_keys(place), _clock(server, at), room]
    checks.sort(key=lambda each: not each.is_needed)
    return Readiness(checks=tuple(checks), server=server, disk=state)


def is_ready(session: Session) -> bool:
    """True if the database answers, is migrated, and has a one-thing and a calendar published."""
    try:
        return session.execute(
            select(
                exists().where(DefinitionVersion.hash.is_not(None))
                & exists().where(CalendarVersion.hash.is_not(None))
            )
        ).scalar_one()
    except SQLAlchemyError:
        return False


def _database(server: ServerState) -> Check:
    sentence = Text(
        zh="PostgreSQL {version} 有应答，可以写入。",
        en="PostgreSQL {version} answers and can be written to.",
    )
    if server.is_standby:
        sentence = Text(
            zh="PostgreSQL {version} 有应答，但它是只读的备库。请检查 DATABASE_URL"
            "（target_session_attrs=read-write）。",
            en="PostgreSQL {version} answers but is a standby, which cannot be written to. Check "
            "DATABASE_URL (target_session_attrs=read-write).",
        )
    return Check(
        code="database",
        title=DATABASE,
        is_fine=not server.is_standby,
        is_needed=True,
        sentence=sentence.format(version=server.version),
    )


def _revision(server: ServerState) -> Check:
    found, newest = ", ".join(server.revisions) or "—", newest_revision()
    is_newer = bool(server.revisions) and not any(map(is_known_revision, server.revisions))
    sentence = Text(
        zh="结构是最新的（{found}）。", en="The tables are at the newest revision ({found})."
    )
    if is_newer:
        sentence = Text(
            zh="数据库的结构（{found}）比本程序（{newest}）新：请升级并重新启动本程序。",
            en="The tables ({found}) are newer than this program ({newest}): upgrade and restart "
            "the program.",
        )
    elif server.revisions != (newest,):
        sentence = Text(
            zh="结构是 {found}，程序需要 {newest}：请运行 flask --app app database migrate。",
            en="The tables are at {found}, the program needs {newest}: run flask --app app "
            "database migrate.",
        )
    return Check(
        code="revision",
        title=REVISION,
        is_fine=server.revisions == (newest,),
        is_needed=not is_newer,
        sentence=sentence.format(found=found, newest=newest or "—"),
    )


def _published(session: Session) -> Check:
    is_fine = is_ready(session)
    return Check(
        code="published",
        title=PUBLISHED,
        is_fine=is_fine,
        is_needed=True,
        sentence=Text(zh="都已发布。", en="Both are published.")
        if is_fine
        else Text(
            zh="还没有发布：请运行 flask --app app reference publish。",
            en="Not published yet: run flask --app app reference publish.",
        ),
    )


def _worker(session: Session, at: datetime) -> Check:
    """By the database's own note of who reported last; its clock is checked beside this."""
    seen_at = session.execute(
        text("SELECT max(last_heartbeat) FROM procrastinate.procrastinate_workers")
    ).scalar_one()
    is_fine = seen_at is not None and at - seen_at <= SILENT
    sentence = Text(zh="有进程在处理后台任务。", en="Jobs are being done.")
    if not is_fine:
        sentence = Text(
            zh="一分钟内没有任何后台任务进程报到：通知、期限和文件检查都停着。"
            "请启动 flask worker。",
            en="No worker was heard of for a minute: notices, limits and checks of files stand "
            "still. Start flask worker.",
        )
    return Check(code="worker", title=WORKER, is_fine=is_fine, is_needed=False, sentence=sentence)


def _keys(place: Place) -> Check:
    """Read anew each time: what was read at the start may be gone since."""
    sentence = Text(zh="签名密钥可以读取。", en="The signing key can be read.")
    if place.may_create_keys and not (place.key_folder / receipts.KEY_FILE).exists():
        sentence = Text(zh="第一张回执会生成签名密钥。", en="The first receipt makes the key.")
        return Check(code="keys", title=KEYS, is_fine=True, is_needed=True, sentence=sentence)
    try:
        receipts.read_signer(place.key_folder, may_create=False)
    except SettingsError as refusal:
        return Check(
            code="keys", title=KEYS, is_fine=False, is_needed=True, sentence=refusal.sentence
        )
    return Check(code="keys", title=KEYS, is_fine=True, is_needed=True, sentence=sentence)


def _clock(server: ServerState, at: datetime) -> Check:
    skew = abs(server.clock - at)
    is_fine = skew <= MOST_SKEW
    sentence = Text(
        zh="与数据库的时钟相差 {seconds} 秒。",
        en="{seconds} s apart from the database's clock.",
    )
    if not is_fine:
        sentence = Text(
            zh="与数据库的时钟相差 {seconds} 秒，最多允许 {most} 秒：受理和办结的时间会记错。"
            "请检查两台机器的校时（NTP）。",
            en="{seconds} s apart from the database's clock; {most} s are allowed. Times of "
            "acceptance and decisions would be wrong: check the time service (NTP) of both.",
        )
    return Check(
        code="clock",
        title=CLOCK,
        is_fine=is_fine,
        is_needed=True,
        sentence=sentence.format(
            seconds=f"{skew.total_seconds():.1f}", most=int(MOST_SKEW.total_seconds())
        ),
    )


def _disk(place: Place) -> tuple[Check, Disk | None]:
    try:
        state = disk(place.data_folder)
    except OSError:
        state = None
    sentence, is_fine, is_needed = _disk_words(state)
    free = f"{state.free_bytes / GIBIBYTE:.1f}" if state else "—"
    check = Check(
        code="disk",
        title=DISK,
        is_fine=is_fine,
        is_needed=is_needed,
        sentence=sentence.format(free=free),
    )
    return check, state


def _disk_words(state: Disk | None) -> tuple[Text, bool, bool]:
    """The sentence, whether it is fine, and whether that is needed.

    A folder that cannot be written is this machine's own trouble, a full disk that of all.
    """
    if state is None:
        sentence = Text(
            zh="数据文件夹打不开：请检查 DATA_FOLDER 和磁盘挂载。",
            en="The data folder cannot be opened: check DATA_FOLDER and whether it is mounted.",
        )
        return sentence, False, True
    if state.free_bytes < LEAST_FREE_BYTES:
        sentence = Text(
            zh="磁盘只剩 {free} GiB：上传可能被拒绝，其他照常。请清理或扩容。",
            en="{free} GiB are left on the disk: uploads may be refused, all else goes on. Make "
            "room.",
        )
        return sentence, False, False
    if not state.is_writable:
        sentence = Text(
            zh="数据文件夹不能写入：请检查权限和磁盘。",
            en="The data folder cannot be written to: check its rights and the disk.",
        )
        return sentence, False, True
    sentence = Text(zh="可以写入，剩余 {free} GiB。", en="Can be written to; {free} GiB are free.")
    return sentence, True, True
