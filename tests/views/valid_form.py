"""A form that would be accepted: who opens its page, and what they type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from services.cases import CaseKey
from tests.fixtures.page_forms import PageForm, forms_of

NEW_PASSWORD = "correct horse battery"  # noqa: S105 -- of people who live for one test
ADMINISTRATOR = "administrator"
WINDOW = "window"
MAKER = "maker-jincheng"


@dataclass(frozen=True)
class Valid:
    """A page with a form, and what its person types there."""

    account: str | None
    page: str
    typed: Mapping[str, Any] = field(default_factory=dict)
    step: str = ""
    """The id of the form, where several of one page have the same route."""
    client: FlaskClient | None = None
    """A browser of its own, where the person was made for this request."""
    address: str = ""
    """Where a script sends the fields of the form, if not to the form's own address."""
    form_of: str = ""
    """The endpoint of that form; nothing if the script makes up all fields by itself."""
    html: str = ""
    """The page itself, if no address leads to it."""
    files: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    """Content and name of the files that are chosen."""


@dataclass
class Prepared:
    """A request that would be accepted, ready to be spoiled."""

    client: FlaskClient
    address: str
    fields: list[tuple[str, str]]
    form: PageForm
    headers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)


def case_page(key: CaseKey, page: str = "") -> str:
    return f"/cases/{key.district_code}/{key.case_id}{page}"


def task_page(key: CaseKey, item: str = "registration") -> str:
    return f"/tasks/{key.district_code}/{key.case_id}/{item}"


def endpoint_of(app: Flask, address: str, method: str = "POST") -> str | None:
    """The endpoint that answers ``address``."""
    adapter = app.url_map.bind("localhost")
    try:
        endpoint, _values = adapter.match(urlsplit(address).path, method=method)
    except HTTPException:
        return None
    return str(endpoint)


def press(app: Flask, client: FlaskClient, page: str, endpoint: str, **typed: str) -> TestResponse:
    """Open ``page`` and send its form for ``endpoint`` as it is, with what is ``typed``."""
    html = client.get(page).text
    form = next(each for each in forms_of(html) if endpoint_of(app, each.action) == endpoint)
    return client.post(form.action, data=dict(form.fields) | typed)
