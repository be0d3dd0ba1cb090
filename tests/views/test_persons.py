"""The pages of persons: absences, delegations, the policy of a desk, giving and keeping out."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from core.clock import CIVIL_ZONE, now
from services import demonstration
from tests.fixtures.page_forms import forms_of
from tests.fixtures.scene import Scene

DESK = f"{demonstration.DISTRICT}/market_regulation"
HEAD, CLERK, SECOND = "registrar-head", "registrar", "registrar-two"


def day(name: str, after: int = 0) -> dict[str, str]:
    """A day in three boxes, so many days after today."""
    when = now().astimezone(CIVIL_ZONE).date() + timedelta(days=after)
    return {f"{name}-year": str(when.year), f"{name}-month": str(when.month), f"{name}-day": str(when.day)}


def send(client: FlaskClient, page: str, action: str, typed: dict[str, object]) -> str:
    """Fill in the form of ``page`` that posts to ``action``; what comes in the end."""
    html = client.get(page).text
    form = next(each for each in forms_of(html) if each.action.startswith(action))
    fields: dict[str, object] = dict(form.fields) | typed
    return client.post(form.action, data=fields, follow_redirects=True).text
