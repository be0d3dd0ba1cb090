"""Keeps the processes of the service alive, and ends them all when it ends itself."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

import click

from core.errors import DomainError
from core.text import Text

STOP_SECONDS = 15.0
LOOK_SECONDS = 0.2
RESTART_SECONDS = 1.0
QUICK_SECONDS = 10.0
MOST_QUICK_ENDS = 3
FROM_OUTSIDE = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP})
"""Somebody ended it, or memory was short: that says nothing about how it starts."""

TOO_EARLY = Text(
    zh="“{name}”没有做完（{status}）。服务照常运行，下次启动时接着做。",
    en='"{name}" ended too early ({status}). The service goes on; the next start takes it up.',
)


class ChildFailedError(DomainError):
    """A process ends as soon as it is started."""

    code = "child_failed"


@dataclass
class _Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    environment: Mapping[str, str]
    started: float = field(default_factory=time.monotonic)
    is_once: bool = False
    """It has an end of its own, and is not started again."""
    quick_ends: int = 0
    has_lived: bool = False
    """What worked once is started again for ever; what never did is given up."""


class Supervisor:
    """Starts commands with one environment and restarts those that end by themselves.

    The environment must name this process as the parent (``commands/processes.py``), so that the
    children stop even if this process is killed.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._children: list[_Child] = []
        self._is_stopping = False

    def start(
        self, name: str, command: Sequence[str], more: Mapping[str, str] | None = None
    ) -> None:
        """Start one more process, to be kept alive, with ``more`` in its own environment."""
        child_environment = self._environment | dict(more or {})
        process = self._spawn(command, child_environment)
        self._children.append(_Child(name, command, process, environment=child_environment))

    def start_once(self, name: str, command: Sequence[str]) -> None:
        """Start a process that ends by itself; however it ends, the others go on."""
        process = self._spawn(command, self._environment)
        self._children.append(
            _Child(name, command, process, environment=self._environment, is_once=True)
        )

    def stop_on_signals(self) -> None:
        """Let Ctrl-C and SIGTERM end `watch`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_stop)

    def watch(self) -> None:
        """Keep the children alive until told to stop; raises `ChildFailedError` if one cannot."""
        while not self._is_stopping:
            self.look()
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Restart what has ended and should not have."""
        for child in list(self._children):
            if child.process.poll() is None or self._is_stopping:
                continue
            if child.is_once:
                self._let_go(child)
            else:
                self._restart(child)

    def note_life(self, name: str) -> None:
        """What has this name works, however short its life was: it is started again for ever."""
        for child in self._children:
            if child.name == name and child.process.poll() is None:
                child.has_lived = True

    def names(self) -> list[str]:
        """The names of what is kept alive, or not yet let go."""
        return [child.name for child in self._children]

    @property
    def is_stopping(self) -> bool:
        return self._is_stopping

    def stop(self) -> None:
        """End every child: politely, and after a while without asking."""
        self._is_stopping = True
        for child in self._children:
            child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self._children.clear()

    def _note_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _spawn(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def _let_go(self, child: _Child) -> None:
        self._children.remove(child)
        if child.process.returncode:
            said = TOO_EARLY.format(name=child.name, status=child.process.returncode)
            click.echo(f"· {said.zh} / {said.en}", err=True)

    def _restart(self, child: _Child) -> None:
        child.has_lived = child.has_lived or time.monotonic() - child.started > QUICK_SECONDS
        child.quick_ends += child.process.returncode not in FROM_OUTSIDE
        if child.quick_ends >= MOST_QUICK_ENDS and not child.has_lived:
            raise ChildFailedError(
                Text(
                    zh=f"{child.name}进程一启动就退出，请看上面的错误信息。",
                    en=f"The {child.name} process ends as soon as it starts; see the error above.",
                )
            )
        time.sleep(RESTART_SECONDS)
        child.process = self._spawn(child.command, child.environment)
        child.started = time.monotonic()
