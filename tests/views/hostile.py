"""What hostile, broken or unlucky browsers send, and what every answer to it must be."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes
from uuid import UUID, uuid4

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.views.valid_form import Prepared

Field = tuple[str, str | bytes]

LONG = "长" * 10_000
VALUES: dict[str, str | bytes] = {
    "nothing": "",
    "10,000 characters": LONG,
    "NUL": "星\0河",
    "broken UTF-8": b"\xe6\x98\xff\xfe",
    "lone surrogate": b"\xed\xa0\x80",
    "right to left": "\u202e名称\u202c",
    "zero width": "\u200b\u200d\ufeff",
    "emoji": "👩‍👩‍👧‍👦🀄",
    "control characters": "a\x01\x1b[31m\r\n\tb",
    "markup": "<script>alert(1)</script>'\"&</textarea>",
    "template": "%(name)s {0} {{ 7 * 7 }} ${x} %s",
    "no such day": "2026-02-30",
    "day zero": "0000-00-00",
    "year 99999": "99999-01-01",
    "negative": "-1",
    "huge number": "9" * 400,
    "foreign digits": "٣٤٥",
    "some id": str(uuid4()),
    "nil id": str(UUID(int=0)),
    "no id": "not-an-id",
    "stale": "0",
}
MORE_VALUES: dict[str, str | bytes] = {
    "1,000,000 characters": "x" * 1_000_000,
    "only spaces": "  \u3000\u00a0 ",
    "marks on marks": "a" + "\u0301" * 500,
    "path": "../../../../etc/passwd",
    "database": "'; drop table cases; --",
    "no number": "NaN",
    "exponent": "1e999",
    "full width": "１２３",
    "not a time": "24:61",
    "instant beyond": "9999-12-31T23:59:59.999999+14:00",
    "instant before": "0001-01-01T00:00:00-14:00",
    "json": '{"a": [1, 2]}',
    "separator": "a\u2028b\u2029c",
    "not a character": "\ufffe\uffff",
    "private plane": "\U0010ffff",
}
HIDDEN_VALUES = ("nothing", "NUL", "huge number", "stale")
"""Of what travels unseen, each name gets each of these."""

FOR_BUTTONS = ("JSON", "part without a name", "2,001 parts", "strange content type")
"""Of bodies that are no form, a form that is one button gets these."""


@dataclass(frozen=True)
class Spoiled:
    """One hostile request: what is wrong with it, and the body that is sent."""

    label: str
    body: Any
    content_type: str
    spoiled: frozenset[str]
    """Names whose value is not what the person typed; the others may not be lost."""


def encoded(fields: Sequence[Field]) -> bytes:
    """Fields as a page sends them, broken bytes included."""
    return b"&".join(
        b"=".join(quote_from_bytes(_bytes(part)).encode() for part in each) for each in fields
    )


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def _form(label: str, fields: Sequence[Field], *spoiled: str) -> Spoiled:
    names = frozenset(spoiled)
    return Spoiled(label, encoded(fields), "application/x-www-form-urlencoded", names)


def with_value(prepared: Prepared, name: str, value: str | bytes, label: str) -> Spoiled:
    """The request with ``value`` in the place of what was typed for ``name``."""
    fields: list[Field] = [each for each in prepared.fields if each[0] != name]
    return _form(f"{name}: {label}", [*fields, (name, value)], name)


def wrong_values(prepared: Prepared, turn: int = 0) -> Iterator[Spoiled]:
    """Every value once, in the fields by turns; what travels unseen gets most of them each."""
    names = [name for name in prepared.form.names if name != "csrf_token"]
    seen = [name for name in names if name not in prepared.form.hidden]
    for number, (label, value) in enumerate(VALUES.items() if seen else ()):
        yield with_value(prepared, seen[(number + turn) % len(seen)], value, label)
    for name in (name for name in names if name in prepared.form.hidden):
        for label in HIDDEN_VALUES:
            yield with_value(prepared, name, VALUES[label], label)


def wrong_shapes(prepared: Prepared) -> Iterator[Spoiled]:
    """Fields that are missing, doubled, unknown or files, and bodies that are no form at all."""
    fields, hidden_names = list(prepared.fields), prepared.form.hidden
    everything = frozenset(prepared.form.names) | {name for name, _value in fields}
    yield _form("no field at all", [], *everything)
    if not everything - hidden_names - {"csrf_token"}:
        yield from (each for each in _no_forms(everything) if each.label in FOR_BUTTONS)
        return
    hidden = [each for each in fields if each[0] in hidden_names]
    yield _form("nothing that people type", hidden, *everything)
    yield Spoiled("files instead of text", _files(fields), "multipart/form-data", everything)
    visible = [each for each in fields if each[0] not in hidden_names]
    yield _form("only what people type", visible)
    twice = [*((name, "x") for name, _value in fields), *fields]
    yield _form("everything twice", twice, *everything)
    strange = [("x[y][z]", "1"), ("", "2"), ("a\0b", "3"), ("长" * 999, "4")]
    yield _form("unknown fields", [*fields, *strange])
    yield _form("2,001 fields", [*fields, *((f"f{n}", "x") for n in range(2001))])
    yield from _no_forms(everything)


def _no_forms(everything: frozenset[str]) -> Iterator[Spoiled]:
    broken = "multipart/form-data; boundary=x"
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
    for label, body, content_type in (
        ("JSON", b'{"account": ["x"]}', "application/json"),
        ("broken JSON", b'{"account": ', "application/json"),
        ("no content type", b"account=x", ""),
        ("strange content type", b"\xff\xfe", "text/\xff; charset=\xfe"),
        ("unknown charset", b"account=x", "application/x-www-form-urlencoded; charset=klingon"),
        ("no boundary", b"account=x", "multipart/form-data"),
        ("part that never ends", part + b"x" * 1000, broken),
        ("part without a name", b"--x\r\nContent-Disposition: form-data\r\n\r\ny\r\n--x--", broken),
        ("2,001 parts", (part + b"y\r\n") * 2001 + b"--x--\r\n", broken),
        (
            "head of 100,000 characters",
            b"--x\r\n" + b"A" * 100_000 + b": b\r\n\r\ny\r\n--x--",
            broken,
        ),
        ("too much for a field", part + b"y" * 1_100_000 + b"\r\n--x--", broken),
    ):
        yield Spoiled(label, body, content_type, everything)


def _files(fields: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {name: (BytesIO(b"\x00\xff"), "x\u202e\r\n.exe") for name, _value in fields}


def anything(prepared: Prepared, chance: random.Random) -> Spoiled:
    """A random spoiling of up to three fields."""
    values = {**VALUES, **MORE_VALUES}
    names = [name for name in prepared.form.names if name != "csrf_token"] or ["unknown"]
    chosen = chance.sample(names, min(len(names), chance.randint(1, 3)))
    fields: list[Field] = [each for each in prepared.fields if each[0] not in chosen]
    labels = []
    for name in chosen:
        label = chance.choice(list(values))
        labels.append(f"{name}: {label}")
        fields += [(name, values[label])] * chance.choice((1, 1, 1, 2))
    chance.shuffle(fields)
    return _form(", ".join(labels), fields, *chosen)


LANGUAGES = {"zh": ("zh-Hans-CN", "错误："), "en": ("en", "Error: ")}


def send(prepared: Prepared, request: Spoiled, language: str) -> TestResponse:
    """Send it as a browser of that language would, from the page with the form."""
    return prepared.client.post(
        prepared.address,
        data=request.body,
        content_type=request.content_type or None,
        headers={**prepared.headers, "Accept-Language": language},
    )


def as_typed(prepared: Prepared) -> Spoiled:
    """The request with nothing wrong."""
    if not prepared.files:
        return _form("as typed", prepared.fields)
    files = {name: (BytesIO(content), given) for name, (content, given) in prepared.files.items()}
    body = MultiDict([*prepared.fields, *files.items()])
    return Spoiled("as typed", body, "multipart/form-data", frozenset())


def faults(answer: TestResponse, prepared: Prepared, request: Spoiled) -> Iterator[str]:
    """Everything that is wrong with the answer to a hostile request."""
    status = answer.status_code
    if status >= 500:
        yield f"answers {status}"
    if status < 400:
        return
    if answer.is_json:
        if not answer.get_json()["sentence"]:
            yield f"{status} without a sentence"
        return
    page = answer.text
    head = re.search(r'<html lang="([^"]+)"', page)
    prefix = dict(LANGUAGES.values()).get(head[1] if head else "")
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    if prefix is None or title is None or not unescape(title[1]).startswith(prefix):
        yield f"{status} without a title that says so: {title and title[1]}"
    if not sentences(page):
        yield f"{status} without a sentence"
    if status in {409, 422}:
        yield from (f"{status} loses {name}" for name in lost(page, prepared, request))


def sentences(page: str) -> list[str]:
    """What the page says about the mistake."""
    found = re.findall(r'<p class="govuk-body-l">(.*?)</p>', page, re.DOTALL)
    found += re.findall(r'govuk-error-summary__body">(.*?)</div>', page, re.DOTALL)
    return [text for each in found if (text := re.sub(r"<[^>]+>|\s+", " ", each).strip())]


def lost(page: str, prepared: Prepared, request: Spoiled) -> Iterator[str]:
    """Names of fields that people had filled in and that the page does not show any more."""
    words = unescape(page)
    for name, value in prepared.fields:
        is_secret = any(word in name for word in ("password", "again", "present"))
        if name in prepared.form.hidden or name in request.spoiled or is_secret:
            continue
        is_text = name in prepared.form.names and name not in prepared.form.offered
        if is_text and value.strip() and value not in words:
            yield name


def requests(
    prepared: Prepared, turn: int, *, is_first: bool = True, share: int = 1
) -> list[Spoiled]:
    """All that one form must bear, in the same order each time; half if its like bore it all.

    With a ``share`` one in so many of the values and shapes, by turns from form to form.
    """
    values, shapes = list(wrong_values(prepared, turn)), list(wrong_shapes(prepared))
    if not is_first:
        return values[turn % (2 * share) :: 2 * share]
    return [*shapes[turn % share :: share], *values[turn % share :: share]]


def aftermath(prepared: Prepared, answer: TestResponse, request: Spoiled) -> list[str]:
    """The page after a success must bear what was stored."""
    if not answer.location:
        return []
    status = prepared.client.get(answer.location).status_code
    return [f"{request.label}: then {answer.location} is {status}"] if status >= 500 else []
