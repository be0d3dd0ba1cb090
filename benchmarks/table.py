"""The tables that a run prints."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

NAMES = {
    "floor": "psycopg floor",
    "engine": "Yichuang",
    "spiff": "SpiffWorkflow + floor's rows",
    "viewflow": "Viewflow + floor's rows",
}


def ratio(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """How many times as fast as the other: the median of the rounds, each beside the other's."""
    pairs = zip(one["rounds"], other["rounds"], strict=True)
    return float(statistics.median(mine / theirs for mine, theirs in pairs))


def cases(found: Mapping[str, Any]) -> str:
    """Cases per second, and what the engine makes of each contender's."""
    lines = []
    for existing, contenders in found.items():
        lines.append(f"\n{int(existing):,} existing cases, 13 durable transactions a case")
        rows = [
            (
                NAMES[name],
                f"{each['cases_per_second']:.1f}",
                f"{min(each['rounds']):.1f}-{max(each['rounds']):.1f}",
                f"{each['client_ms_per_case']:.1f}",
                f"{each['server_ms_per_case']:.1f}",
                f"{ratio(each, contenders['floor']):.2f}",
                f"{ratio(contenders['engine'], each):.2f}",
            )
            for name, each in contenders.items()
        ]
        heads = (
            "contender",
            "cases/s",
            "rounds",
            "client ms/case",
            "server ms/case",
            "x floor",
            "engine is",
        )
        lines.append(grid(heads, rows))
    sizes = list(found)
    if len(sizes) > 1:
        first, last = (found[size]["engine"]["rounds"] for size in (sizes[0], sizes[-1]))
        growth = statistics.median(few / many for few, many in zip(first, last, strict=True))
        lines.append(f"\nengine, cost per case at {sizes[-1]} / at {sizes[0]}: {growth:.2f}")
    return "\n".join(lines) + "\n"


def claims(found: Mapping[str, Any]) -> str:
    """Milliseconds to claim the next case."""
    waiting = found["waiting"]
    first = next(iter(waiting.values()))["median_ms"]
    rows = [
        (f"{int(count):,} waiting", each, each["median_ms"] / first)
        for count, each in waiting.items()
    ]
    after = found["after_claims"]
    rows.append(
        (
            f"after {found['claims']:,} claims by {found['claimers']} clerks",
            after,
            after["median_ms"] / found["beside_it"]["median_ms"],
        )
    )
    heads = ("claim the next case", "median ms", "p99 ms", "ratio")
    cells = [
        (name, f"{each['median_ms']:.2f}", f"{each['p99_ms']:.2f}", f"{times:.2f}")
        for name, each, times in rows
    ]
    return f"\n{grid(heads, cells)}\nclaimed twice: {found['duplicates']}\n"


def web(found: Mapping[str, Any]) -> str:
    """Requests per second as shares of a bare view's."""
    rows = [("bare Flask view", f"{found['bare_per_second']:.0f}", "1.00", "")]
    rows += [
        (kind, f"{each['per_second']:.0f}", f"{each['ratio']:.3f}", f"{each['goal']:.2f}")
        for kind, each in found["kinds"].items()
    ]
    poll, memory = found["unchanged_poll_ms"], found["private_mebibytes"]
    lines = [grid(("over HTTP, one worker", "requests/s", "x bare", "goal"), rows)]
    lines.append(
        f"unchanged poll: {poll['status']} in {poll['median_ms']:.1f} ms"
        f" (p99 {poll['p99_ms']:.1f} ms)"
    )
    lines += [f"worker after {count} requests: {size:.0f} MiB" for count, size in memory.items()]
    return "\n" + "\n".join(lines) + "\n"


def start_up(found: Mapping[str, Any]) -> str:
    """The time of a company that rules grant at once."""
    return (
        f"\nfrom submission to licence and seal order, by rules: {found['median_ms']:.0f} ms"
        f" (longest {found['longest_ms']:.0f} ms; {found['granted']} of {found['submitted']}"
        " granted, the others drawn for an officer)\n"
    )


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell, the first to the left and figures to the right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (heads, *rows)
    )
