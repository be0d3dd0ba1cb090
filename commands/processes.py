"""Child processes that never outlive the one that started them, however it ends."""

import ctypes
import os
import signal
import sys
import threading
import time

PARENT_VARIABLE = "YICHUANG_PARENT"
SET_PARENT_DEATH_SIGNAL = 1
WATCH_SECONDS = 1.0


def end_with_parent() -> None:
    """Ask to be told to stop (SIGTERM) when the parent process ends, even by SIGKILL.

    Does nothing unless the parent named itself in the environment. Linux tells at once; elsewhere
    a thread looks every second.
    """
    parent = int(os.environ.get(PARENT_VARIABLE, "0"))
    if not parent:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before we asked
            os.kill(os.getpid(), signal.SIGTERM)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def environment_for_children(environ: dict[str, str]) -> dict[str, str]:
    """``environ`` with our own process named as the parent."""
    return {**environ, PARENT_VARIABLE: str(os.getpid())}


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
