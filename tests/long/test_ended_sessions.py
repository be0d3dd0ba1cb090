"""An applicant whose session ends at every step of the way: nothing has to be typed twice."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from catalog import samples
from core.clock import CIVIL_ZONE, now
from core.database import Database
from services import demonstration
from services.demonstration import PASSWORD
from tests.fixtures.long_runs import LongRun
from tests.fixtures.people import Browser
from tests.fixtures.world import DISTRICT
from tests.views.test_cases import flat
from tests.views.test_sessions import OURS, kept_in, token_in

pytestmark = pytest.mark.long

APPLICANT = demonstration.ACCOUNTS[0].account
START = "/guide/business_start_up/start"
FIELD = re.compile(r'<textarea name="([^"]+)" hidden>\n?([^<]*)</textarea>')


def send_over_an_ended_session(
    client: FlaskClient, database: Database, url: str, typed: dict[str, object]
) -> TestResponse:
    """Open the page, let its session end, send it, sign in again, send it again by a press."""
    token = token_in(client.get(url))
    with database.transaction() as session:
        session.execute(text("update sign_in_sessions set seen_at = seen_at - interval '1 day'"))
    refused = client.post(url, data={**typed, "csrf_token": token}, headers=OURS)
    assert refused.status_code == 401, url
    shown = client.post(
        "/session/resume",
        data={
            "account": APPLICANT,
            "password": PASSWORD,
            "kept": kept_in(refused),
            "csrf_token": token_in(refused),
        },
    )
    assert shown.status_code == 200, url
    fields: dict[str, object] = {}
    for name, value in FIELD.findall(shown.text):
        known = fields.setdefault(name, [])
        assert isinstance(known, list)
        known.append(unescape(value))
    return client.post(url, data={**fields, "csrf_token": token_in(shown)}, headers=OURS)


def test_a_session_that_ends_at_every_step_costs_no_word(
    app: Flask, database: Database, browser_of: Browser, long_run: LongRun
) -> None:
    client = browser_of(APPLICANT)
    app.config["WTF_CSRF_ENABLED"] = True
    typed = samples.business_start_up(
        on=now().astimezone(CIVIL_ZONE).date(), district_code=DISTRICT, shareholders=3
    )
    begun = send_over_an_ended_session(client, database, START, {"district_code": DISTRICT})
    home = begun.location
    url = re.findall(rf'href="({home}/form/[^"#]+)"', client.get(home).text)[0]

    while not url.endswith("/check"):
        section = url.rpartition("/")[2]
        answer = send_over_an_ended_session(client, database, url, flat(section, typed[section]))
        assert answer.status_code == 303, f"{section}: {answer.text}"
        url = answer.location
    page = client.get(url).text
    command = re.findall(r'name="command_id" value="([^"]+)"', page)[0]
    sent = send_over_an_ended_session(client, database, url, {"command_id": command})

    assert sent.location == f"{home}/receipt"
