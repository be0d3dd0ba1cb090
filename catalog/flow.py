"""The picture of a one-thing's flow, drawn once at publication and never in a web process."""

import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from catalog.schema import Department, Item, OneThing
from core.text import Text

SUBMITTED = Text(zh="一表提交", en="One form")
EXIT = Text(zh="一窗出件", en="One exit")
ONLY_IF = Text(zh="（按需办理）", en="(if it applies)")
DESCRIPTION = Text(
    zh="{title}的流程图：先{first}，再由各部门同时办理，最后一窗出件。",
    en="Flow of {title}: {first} first, then all departments at the same time, then one exit.",
)

_HEAD = """digraph flow {
rankdir=LR; bgcolor="transparent"; nodesep=0.16; ranksep=0.55; pad=0.1;
node [shape=box, style="rounded,filled", fontname="Noto Sans CJK SC", fontsize=13,
  fillcolor="#eef5f3", color="#1f6f63", fontcolor="#12332e", margin="0.28,0.09"];
edge [color="#5b7a74", arrowsize=0.7];
"""


def draw(thing: OneThing, departments: Mapping[str, Department], locale: str) -> str:
    """The flow as SVG for inlining: attributes only, no style, so that the strict CSP holds.

    Items that depend on the answers have a dashed border and say so in words.
    """
    lines = [_HEAD, _end("start", SUBMITTED.to(locale)), _end("exit", EXIT.to(locale))]
    awaited = {code for item in thing.items for code in item.after}
    for item in thing.items:
        lines.append(_node(item, departments[item.department], locale))
        lines += [f'"{before}" -> "{item.code}";' for before in item.after or ("start",)]
        # What must hold before the decision goes on meanwhile: a dashed line, and no later column.
        lines += [
            f'"{needed}" -> "{item.code}" [style=dashed, constraint=false];'
            for needed in item.decide_after
        ]
        if item.code not in awaited:
            lines.append(f'"{item.code}" -> "exit";')
    svg = _render("\n".join([*lines, "}"]))
    first = thing.item(thing.accepted_by).public_title
    return _inline(svg, DESCRIPTION.format(title=thing.title, first=first).to(locale))


@cache  # an engine is started for each picture, and the same source gives the same picture
def _render(source: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "catalog.flow_renderer"],
        input=source.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # the engine grumbles while it is taken down
        cwd=Path(__file__).parents[1],
        check=True,
    )
    return done.stdout.decode()


def _end(name: str, label: str) -> str:
    return (
        f'"{name}" [label={_quoted(label)}, shape=box, fillcolor="#1f6f63", fontcolor="#ffffff"];'
    )


def _node(item: Item, department: Department, locale: str) -> str:
    label = [item.public_title.to(locale), department.short_name.to(locale)]
    style = ""
    if item.when:
        label.append(ONLY_IF.to(locale))
        style = ', style="rounded,filled,dashed"'
    return f'"{item.code}" [label={_quoted(chr(10).join(label))}{style}];'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _inline(svg: str, description: str) -> str:
    """Only the svg element, named for those who cannot see it, sized by its view box."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r"<title>.*?</title>", "", body, flags=re.DOTALL)
    body = re.sub(r'<svg width="[^"]*" height="[^"]*"', "<svg", body, count=1)
    opening = '<svg role="img" class="app-flow"'
    return body.replace("<svg", opening, 1).replace(">", f"><title>{description}</title>", 1)
