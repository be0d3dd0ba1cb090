"""The guardian of one embedded PostgreSQL: starts it, and stops it when nobody uses it any more.

A process of its own, ``python -m core.postgres_guardian FOLDER DATA COMMAND...``. Everybody who
uses the server holds a shared lock on the file ``users``. The kernel gives such locks back when a
process dies, however it dies, so the guardian needs only to wait for the exclusive lock: then the
last user is gone. A server whose guardian was killed is adopted by the next one; a server that was
killed is started again on the same socket.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

USERS_FILE = "users"
GUARDIAN_FILE = "guardian"
POLL_SECONDS = 0.1
RESTART_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class RunningServer:
    """What a server writes about itself into its data folder."""

    process_id: int
    port: int
    socket_folder: Path
    is_ready: bool


@dataclass(frozen=True, slots=True)
class Orders:
    """What to guard: where the locks, data and socket are, the command and who runs it."""

    folder: Path
    data: Path
    socket_folder: Path
    account: tuple[int, int] | None
    command: list[str]


def running_server(data: Path) -> RunningServer | None:
    """The server that runs on ``data``, if one does and has opened its socket."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").split("\n")
        server = RunningServer(
            process_id=int(lines[0]),
            port=int(lines[3]),
            socket_folder=Path(lines[4]),
            is_ready=lines[7].strip() == "ready",
        )
        os.kill(server.process_id, 0)
    except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
        return None
    return server if _is_postgres(server.process_id) else None


def guard(orders: Orders) -> None:
    """Start the server unless it runs already, and stop it after its last user."""
    lock = (orders.folder / GUARDIAN_FILE).open("a")
    if not locked_alone(lock):
        return
    guarded = _Guarded(orders)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, guarded.stop_when_told)
    with (orders.folder / USERS_FILE).open("a") as users:
        while not locked_alone(users) and guarded.goes_on():
            time.sleep(POLL_SECONDS)
        guarded.stop()
        # In this order: whoever gets the lock of the users next must find no guardian.
        lock.close()


class _Guarded:
    """The server, found running or started as a child; started again if it is killed."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._found = running_server(orders.data)
        self._child = None if self._found else _start(orders)
        self._was_ready = False
        self._is_told_to_stop = False

    def goes_on(self) -> bool:
        """Whether there is a server to guard. One that cannot start is not tried again."""
        if not self._has_ended():
            server = running_server(self._orders.data)
            self._was_ready = self._was_ready or (server is not None and server.is_ready)
            return True
        is_killed = self._child is not None and self._child.returncode < 0
        if self._is_told_to_stop or not (self._was_ready or is_killed):
            return False
        time.sleep(RESTART_SECONDS)
        self._child = _start(self._orders)
        return True

    def stop(self) -> None:
        """End the server, fast and in order, and clear away its socket."""
        server = running_server(self._orders.data)
        if not self._has_ended():
            os.kill(self._process_id(), signal.SIGINT)
        while not self._has_ended():
            time.sleep(POLL_SECONDS)
        shutil.rmtree(self._orders.socket_folder, ignore_errors=True)
        if server is not None:  # one that was found has another
            shutil.rmtree(server.socket_folder, ignore_errors=True)

    def stop_when_told(self, _number: int, _frame: FrameType | None) -> None:
        """A machine that shuts down asks politely: pass it on as a fast shutdown."""
        self._is_told_to_stop = True
        if not self._has_ended():
            os.kill(self._process_id(), signal.SIGINT)

    def _process_id(self) -> int:
        if self._child is not None:
            return self._child.pid
        return self._found.process_id if self._found else 0

    def _has_ended(self) -> bool:
        if self._child is not None:
            return self._child.poll() is not None
        server = running_server(self._orders.data)
        return server is None or server.process_id != self._process_id()


def locked_alone(file: TextIO) -> bool:
    """Take the exclusive lock on ``file`` if nobody else holds any."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_postgres(process_id: int) -> bool:
    """After a restart of the machine the number may belong to another program."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:  # no /proc on macOS: the server itself checks the number
        return not Path("/proc/self").exists()
    name, _, rest = status.partition("(")[2].rpartition(")")
    return name == "postgres" and not rest.strip().startswith("Z")


def _start(orders: Orders) -> subprocess.Popen[bytes]:
    user, group = orders.account or (None, None)
    with (orders.folder / "log").open("ab") as log:
        return subprocess.Popen(
            orders.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            user=user,
            group=group,
            extra_groups=[] if user else None,
        )


def main(arguments: list[str]) -> None:
    """Read the orders: ``FOLDER DATA SOCKET_FOLDER USER:GROUP|- COMMAND...``."""
    folder, data, socket_folder, account, *command = arguments
    user, _, group = account.partition(":")
    guard(
        Orders(
            folder=Path(folder),
            data=Path(data),
            socket_folder=Path(socket_folder),
            account=(int(user), int(group)) if group else None,
            command=command,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
