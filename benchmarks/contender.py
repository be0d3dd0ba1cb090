"""One contender in a process of its own: it reads what to do, a line each, and answers in JSON.

The standard library alone, so that contenders from other environments can use it too.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
import traceback
from typing import Any, Protocol


class Contender(Protocol):
    """Who does the job: whole cases, one after the other, each step a durable transaction."""

    def run(self, first: int, count: int) -> None:
        """Carry ``count`` cases from their first step to their last; the first is ``first``."""

    def grow(self, count: int) -> None:
        """Add so many ended cases at once, as if they had been carried before."""

    def check(self) -> dict[str, int]:
        """How much stands in the database now."""


def serve(contender: Contender) -> None:
    """Answer commands until the input ends: ``run COUNT``, ``grow COUNT``, ``check``."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is no answer
    done = 0
    for line in sys.stdin:
        name, _, argument = line.strip().partition(" ")
        count = int(argument or 0)
        try:
            answer = _answer(contender, name, done, count)
        except Exception as error:  # told to whoever asked, who decides
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        done += count if name == "run" else 0
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _answer(contender: Contender, name: str, done: int, count: int) -> dict[str, Any]:
    if name == "check":
        return {"check": contender.check()}
    gc.collect()
    begun, cpu = time.perf_counter(), time.process_time()
    if name == "grow":
        contender.grow(count)
    else:
        contender.run(done, count)
    return {
        "cases": count,
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - cpu,
        "peak_kibibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
