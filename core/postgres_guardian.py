"""The guardian of one embedded PostgreSQL: starts it, and stops it when nobody uses it any more.

A process of its own, ``python -m core.postgres_guardian FOLDER DATA COMMAND...``. Everybody who
uses the server holds a shared lock on the file ``users``. The kernel gives such locks back when a
process dies, however it dies, so the guardian needs only to wait for the exclusive lock: then the
last user is gone. A server whose guardian was killed is adopted by the next one.
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
    found = running_server(orders.data)
    child = None if found else _start(orders)
    process_id = child.pid if child else found.process_id if found else 0
    _stop_when_told(process_id)

    def has_ended() -> bool:
        if child is not None:
            return child.poll() is not None
        server = running_server(orders.data)
        return server is None or server.process_id != process_id

    with (orders.folder / USERS_FILE).open("a") as users:
        while not (locked_alone(users) or has_ended()):
            time.sleep(POLL_SECONDS)
        server = running_server(orders.data)
        if not has_ended():
            os.kill(process_id, signal.SIGINT)
        while not has_ended():
            time.sleep(POLL_SECONDS)
        shutil.rmtree(orders.socket_folder, ignore_errors=True)
        if server is not None:  # an adopted one has another
            shutil.rmtree(server.socket_folder, ignore_errors=True)
        # In this order: whoever gets the lock of the users next must find no guardian.
        lock.close()


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


def _stop_when_told(process_id: int) -> None:
    """A machine that shuts down asks politely: pass it on as a fast shutdown."""

    def pass_on(_number: int, _frame: FrameType | None) -> None:
        os.kill(process_id, signal.SIGINT)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, pass_on)


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
