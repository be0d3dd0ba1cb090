"""Strange addresses, query strings and headers: never a 500, and always a sentence."""

import ast
from typing import Any
from uuid import UUID

from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from core.settings import ROOT
from services.cases import CaseKey
from tests.fixtures.scene import APPLICANT, REGISTRAR, Scene
from tests.views import hostile

READERS = (None, APPLICANT, "window", REGISTRAR, "auditor", "administrator")
ANSWERS = {200, 303, 304, 308, 401, 403, 404, 405, 409, 422}
QUERY = {
    "broken UTF-8": b"%ff%fe%ed%a0%80",
    "NUL": b"%00",
    "huge number": b"9" * 400,
    "right to left": "\u202e名".encode(),
    "no such day": b"2026-02-30",
    "half a code": b"%e",
    "id": b"00000000-0000-0000-0000-000000000000",
}
HEADERS: dict[str, dict[str, str]] = {
    "strange languages": {"Accept-Language": "en;q=x, *;q=-1, \xff\xfe, zh-" + "x" * 5000},
    "tampered cookie": {"Cookie": "yichuang=eyJfdXNlcl9pZCI6Ing.abc.def"},
    "cookie that is no cookie": {"Cookie": ";;=;\xff=\xfe; yichuang"},
    "huge cookie": {"Cookie": "yichuang=" + "x" * 50_000},
    "strange host": {"Host": "a b<>:99999999"},
    "no host": {"Host": ""},
    "host with script": {"Host": '"><script>'},
    "strange referrer": {"Referer": "http://[bad/\u00ff\t"},
    "strange accept": {"Accept": "text/html;q=x, */*;q=99, \xff"},
    "strange range": {"Range": "bytes=-1-9,x"},
    "strange conditions": {"If-None-Match": '"', "If-Modified-Since": "the day before"},
    "forwarded by nobody": {"X-Forwarded-For": "\xff, 999.1.1.1", "X-Forwarded-Proto": "x"},
    "fetched by a script": {"Accept": "application/json", "X-Requested-With": "x"},
}
METHODS = ("HEAD", "OPTIONS", "TRACE", "PROPFIND", "DELETE", "PATCH", "X")
PATHS = (
    "/%ff",
    "/%00",
    "/cases/%e4%b8%ad/x",
    "//",
    "/" + "x" * 20_000,
    "/cases/../..//",
    "/%2e%2e/",
    "/queue?" + "&" * 5000,
    "/cases/620102-gx/not-an-id",
    "/guide/" + "长" * 500,
    "/\u202e",
)


def asked_names() -> list[str]:
    """Every name that some view reads from a query string, found in the code."""
    found = {"page", "x"}
    for path in sorted((ROOT / "views").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            words = ast.unparse(node) if isinstance(node, ast.Call | ast.Subscript) else ""
            if words.startswith(("request.args.get(", "request.args[", "request.args.getlist(")):
                found |= {
                    each.value
                    for each in ast.walk(node)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "NAMES":
                found |= set(ast.literal_eval(node.value))
    return sorted(found - {""})


def addresses(app: Flask, key: CaseKey) -> list[tuple[Rule, str]]:
    """The address of every page, about a case that exists where it is about one."""
    values: dict[str, Any] = {
        "district_code": key.district_code,
        "case_id": key.case_id,
        "item": "registration",
        "item_code": "registration",
        "output": "business_licence",
        "section": "company",
        "thing_code": "business_start_up",
        "code": "en",
    }
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static" or "GET" not in (rule.methods or ()):
                continue
            given = {
                name: values.get(name, UUID(int=0) if "UUID" in type(converter).__name__ else 1)
                for name, converter in rule._converters.items()  # noqa: SLF001
            }
            found.append((rule, url_for(rule.endpoint, **given)))
    return found


def complaint(answer: Any) -> str | None:
    """What is wrong with the answer to a strange request."""
    if answer.status_code >= 500 or answer.status_code not in ANSWERS | {400, 413, 416}:
        return f"{answer.status_code}"
    if answer.status_code >= 400 and not answer.is_json and not hostile.sentences(answer.text):
        return f"{answer.status_code} without a sentence"
    return None


def test_every_page_bears_every_query_string(scene: Scene) -> None:
    key, wrong, names = scene.delivered(), [], asked_names()
    for rule, address in addresses(scene.app, key):
        for number, (label, value) in enumerate(QUERY.items()):
            reader = READERS[1 + number % (len(READERS) - 1)]
            query = b"&".join(b"=".join((name.encode(), value)) for name in names)
            answer = scene.browser(reader).get(address, query_string=query.decode())
            fault = complaint(answer)
            wrong += [f"{reader} {rule.rule} {label}: {fault}"] if fault else []
            if rule.endpoint == "localisation.switch":
                scene.browser(reader).get("/language/zh")

    assert not wrong


def test_pages_bear_every_header(scene: Scene) -> None:
    wrong = []
    for reader, page in ((None, "/sign-in"), (APPLICANT, "/cases"), (REGISTRAR, "/queue")):
        for label, headers in HEADERS.items():
            for address in (page, "/no-such-page", "/account"):
                fault = complaint(scene.browser(reader).get(address, headers=headers))
                wrong += [f"{reader} {address} {label}: {fault}"] if fault else []

    assert not wrong


def test_no_address_breaks_anything(client: FlaskClient) -> None:
    wrong = {path[:30]: fault for path in PATHS if (fault := complaint(client.get(path)))}

    assert not wrong


def test_odd_methods_are_refused_in_words(scene: Scene) -> None:
    key, wrong = scene.accepted(), []
    for rule, address in addresses(scene.app, key):
        for number, method in enumerate(METHODS):
            reader = (None, APPLICANT, REGISTRAR)[number % 3]
            answer = scene.browser(reader).open(address, method=method)
            if answer.status_code >= 500:
                wrong.append(f"{reader} {method} {rule.rule}: {answer.status_code}")
            if answer.status_code == 405 and "Allow" not in answer.headers:
                wrong.append(f"{reader} {method} {rule.rule}: does not say what is allowed")

    assert not wrong
