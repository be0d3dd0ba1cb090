"""A refusal for scripts: what the page would say, as JSON with the same status."""

from collections.abc import Iterable
from typing import Any

from flask import Response, jsonify, request

from core.errors import Problem
from core.text import Text
from views.localisation import wording


def wants_json() -> bool:
    """Whether a script asks, which takes JSON rather than a page. Browsers ask for a page."""
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def as_json(
    status: int,
    title: Text,
    sentence: Text,
    *,
    advice: Text | None = None,
    problems: Iterable[Problem] = (),
    **more: Any,
) -> Response:
    """The refusal in the reader's language. ``more`` are facts for the script that asked.

    Problems have the path of their place and their sentence.
    """
    answer = jsonify(
        status=status,
        title=wording(title),
        sentence=wording(sentence),
        advice=wording(advice) if advice else None,
        problems=[
            {"path": problem.path, "sentence": wording(problem.sentence)} for problem in problems
        ],
        **more,
    )
    answer.status_code = status
    return answer
