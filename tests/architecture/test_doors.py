"""Every page: a plain address, and a closed door for strangers."""

from typing import Any
from uuid import UUID

from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

SAMPLES: dict[str, Any] = {
    "UUIDConverter": UUID("01890000-0000-7000-8000-000000000000"),
    "IntegerConverter": 1,
    "UnicodeConverter": "x",
    "PathConverter": "x",
}


def is_open(app: Flask, rule: Rule) -> bool:
    """Whether the view is marked ``is_public``, or is Flask's own for files."""
    view = app.view_functions[rule.endpoint]
    return rule.endpoint == "static" or getattr(view, "is_public", False)


def test_urls_are_kebab_case_and_typed(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        fixed, *parameters = rule.rule.split("<")
        assert fixed == fixed.lower().replace("_", "-"), f"use kebab-case: {rule.rule}"
        assert rule.endpoint == "static" or all(":" in each for each in parameters), (
            f"use <type:name>: {rule.rule}"
        )


def test_strangers_meet_a_closed_door_everywhere(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if is_open(app, rule):
            continue
        with app.test_request_context():
            # The converters of an address are known to werkzeug alone.
            values = {
                name: SAMPLES[type(converter).__name__]
                for name, converter in rule._converters.items()  # noqa: SLF001
            }
            url = url_for(rule.endpoint, **values)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = client.open(url, method=method)
            to_sign_in = answer.status_code in {302, 303} and "/sign-in" in answer.location
            assert to_sign_in or answer.status_code in {401, 403}, f"{method} {url} is open"
