"""``make bench``: one interleaved run, ``var/bench.json``, and a table of ratios."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import case_rounds, claims, start_up, table, web
from benchmarks.server import running
from benchmarks.settings import Sizes
from core.clock import now
from core.settings import ROOT

RESULT = ROOT / "var" / "bench.json"
PEERS = ROOT / "var" / "peers"
"""The environment of the other engines, made by ``make bench``."""


def main() -> None:
    """Measure what is wanted, and tell it."""
    sizes = Sizes.from_environment(os.environ)
    found: dict[str, Any] = {"machine": _machine(), "at": now().isoformat()}
    with running() as server, tempfile.TemporaryDirectory(prefix="yichuang-bench-") as folder:
        found["machine"]["postgresql"] = server.version
        if "cases" in sizes.parts:
            python = PEERS / "bin" / "python"
            found["cases"] = case_rounds.measure(server, sizes, python, Path(folder))
            sys.stdout.write(table.cases(found["cases"]))
        if "claims" in sizes.parts:
            found["claims"] = claims.measure(server, sizes)
            sys.stdout.write(table.claims(found["claims"]))
        if "web" in sizes.parts:
            found["web"] = web.measure(server, sizes, Path(folder))
            sys.stdout.write(table.web(found["web"]))
        if "start_up" in sizes.parts:
            found["start_up"] = start_up.measure(server)
            sys.stdout.write(table.start_up(found["start_up"]))
    found["load"] = {"before": found["machine"].pop("load"), "after": os.getloadavg()}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"\n{RESULT.relative_to(ROOT)}\n")


def _machine() -> dict[str, Any]:
    commit = subprocess.run(
        ["/usr/bin/git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "processors": os.cpu_count(),
        "model": _processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        "load": os.getloadavg(),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    main()
