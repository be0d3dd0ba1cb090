"""Every page and every role: who gets in is written here once more, apart from the pages."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from catalog.example_routing import examples
from commands import permissions
from services import demonstration
from services.cases import CaseKey
from tests.fixtures.world import DISTRICT, World
from workflows.permissions import Role

Browser = Callable[[str], FlaskClient]

OPEN_TO_ALL = {
    "appearance.change",
    "appearance.resize",
    "accounts.invitation",
    "accounts.sign_in",
    "accounts.sign_out",
    "accounts.sign_up",
    "accounts.signed_out",
    "continuations.done",
    "continuations.index",
    "continuations.link",
    "documents.verify",
    "guides.show",
    "health.healthz",
    "health.readyz",
    "home.accessibility",
    "home.find",
    "home.index",
    "localisation.switch",
    "metrics.exposition",
    "sessions.begin",
    "sessions.resume",
    "sessions.state",
    "public_decisions.index",
    "static",
}

APPLICANT = "applicant@yichuang.example"
CLERK, OTHER_CLERK, MAKER = "registrar", "bank", "maker-hehai"
AUDITOR, ADMINISTRATOR, WINDOW = "auditor", "administrator", "window"
HEAD, SUPERVISOR, GOVERNMENT = "registrar-head", "supervisor", "government"
OPERATOR = "operator"
ACCOUNTS = (
    APPLICANT,
    CLERK,
    OTHER_CLERK,
    HEAD,
    SUPERVISOR,
    GOVERNMENT,
    MAKER,
    AUDITOR,
    ADMINISTRATOR,
    OPERATOR,
    WINDOW,
)

ROLES_BY_PLACE = {
    "/absences": {CLERK, OTHER_CLERK, HEAD},
    "/account": set(ACCOUNTS),
    "/assignment": {HEAD, ADMINISTRATOR},
    "/audit": {AUDITOR},
    "/automatic-decisions": {HEAD, SUPERVISOR, AUDITOR},
    "/calendars": {ADMINISTRATOR},
    "/cards": {CLERK, OTHER_CLERK, HEAD},
    "/cases": {APPLICANT, WINDOW},
    "/counter": {WINDOW},
    "/delegations": {HEAD},
    "/desk": {HEAD, SUPERVISOR, ADMINISTRATOR},
    "/exports": {AUDITOR},
    "/extensions": {GOVERNMENT},
    "/guide": {APPLICANT},
    "/operations": {ADMINISTRATOR, OPERATOR},
    "/packages": {CLERK, OTHER_CLERK, HEAD},
    "/repair-requests": {HEAD, OPERATOR},
    "/people": {ADMINISTRATOR},
    "/queue": {CLERK, OTHER_CLERK, HEAD, MAKER},
    "/rates": {AUDITOR},
    "/routing": {ADMINISTRATOR},
    "/reassign": {HEAD, SUPERVISOR},
    "/savings": {AUDITOR},
    "/supervision": {SUPERVISOR},
    "/times": {AUDITOR},
    "/tasks": {CLERK, OTHER_CLERK, HEAD, MAKER},
}
"""Whose role opens a closed page, by the first part of its address."""

BEGUN_BY_APPLICANTS = {
    "cases.index",
    "cases.mark_notices_read",
    "parts.show",
    "parts.show_case_step",
    "parts.show_step",
    "parts.take_case_step",
    "parts.take_step",
    "withdrawals.show",
    "withdrawals.show_part",
    "withdrawals.withdraw",
    "withdrawals.withdraw_part",
}
"""Pages under an address shared with the window, but for applicants alone."""

BY_ENDPOINT = {
    "documents.show": set(ACCOUNTS) - {ADMINISTRATOR, AUDITOR, OPERATOR},
    "documents.serve": {CLERK, OTHER_CLERK, WINDOW},
    "automatic_decisions.switch": {HEAD},
    "operations.repair_jobs": {OPERATOR},
}
"""Papers of a case lie under its address, for all who may read it; a switch is a head's."""

REFUSED = {401, 403}
EXAMPLE_ROUTE = examples().routes[0].id


def roles_of(rule: Rule) -> set[str]:
    """Whose role opens the pages of a rule."""
    if rule.endpoint in BY_ENDPOINT:
        return BY_ENDPOINT[rule.endpoint]
    if rule.endpoint.startswith("repairs.") and rule.rule.startswith("/operations"):
        return {OPERATOR}  # administrators read how the service is, and repair nothing
    roles = ROLES_BY_PLACE[f"/{rule.rule.split('/')[1]}"]
    return roles - {WINDOW} if rule.endpoint in BEGUN_BY_APPLICANTS else roles


def closed_rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN_TO_ALL:
            yield rule


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def address(app: Flask, rule: Rule, key: CaseKey) -> str:
    """The rule's address with a case that exists, and people and codes that mostly do not."""
    values: dict[str, Any] = {
        "absence_id": uuid4(),
        "delegation_id": uuid4(),
        "department_code": "market_regulation",
        "district_code": key.district_code,
        "case_id": key.case_id,
        "item": "registration",
        "card_id": uuid4(),
        "entry_id": uuid4(),
        "export_id": uuid4(),
        "file_id": uuid4(),
        "item_code": "registration",
        "material_code": "own_articles",
        "office": "national",
        "output": "business_licence",
        "page": 1,
        "number": 1,
        "person_id": uuid4(),
        "mode_code": "online",
        "route_id": EXAMPLE_ROUTE,
        "section": "company",
        "thing_code": "business_start_up",
        "trigger": "approve",
        "year": 2026,
        **(rule.defaults or {}),
    }
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: values.get(name, "x") for name in rule.arguments})


def test_the_open_pages_are_these_and_no_others(app: Flask) -> None:
    marked = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint == "static"
        or getattr(app.view_functions[rule.endpoint], "is_public", False)
    }

    assert marked == OPEN_TO_ALL


def test_every_closed_page_has_a_place_in_the_table(app: Flask) -> None:
    places = {f"/{rule.rule.split('/')[1]}" for rule in closed_rules(app)}

    assert places <= set(ROLES_BY_PLACE), "say in ROLES_BY_PLACE whose role opens it"


@pytest.mark.parametrize("account", ACCOUNTS)
def test_each_role_gets_into_its_own_pages_and_no_others(
    app: Flask, browser_of: Browser, world: World, account: str
) -> None:
    key, browser, wrong = world.accepted(), browser_of(account), []
    for rule in closed_rules(app):
        may_enter = account in roles_of(rule)
        for method in methods(rule):
            if rule.endpoint == "account.end_sessions":
                continue  # it would end the session that this test goes round with
            status = browser.open(address(app, rule, key), method=method).status_code
            fine = status not in REFUSED and status < 500 if may_enter else status in REFUSED
            if not fine:
                wrong.append(f"{method} {rule.rule}: {status}")

    assert not wrong, f"{account}: {wrong}"


ROLE_OF = {
    APPLICANT: Role.APPLICANT,
    CLERK: Role.CLERK,
    OTHER_CLERK: Role.CLERK,
    HEAD: Role.HEAD,
    SUPERVISOR: Role.SUPERVISOR,
    GOVERNMENT: Role.GOVERNMENT,
    MAKER: Role.SEAL_MAKER,
    AUDITOR: Role.AUDITOR,
    ADMINISTRATOR: Role.ADMINISTRATOR,
    OPERATOR: Role.OPERATOR,
    WINDOW: Role.WINDOW,
}


def test_the_table_in_the_docs_says_what_these_tests_expect(app: Flask) -> None:
    rules = {rule.endpoint: rule for rule in closed_rules(app)}
    wrong = [
        f"{door.endpoint} for {account}"
        for door in permissions.doors(app)
        for account, role in ROLE_OF.items()
        if door.opens_to(role) != (door.is_public or account in roles_of(rules[door.endpoint]))
    ]

    assert not wrong


def test_every_account_of_the_demonstration_is_of_a_kind_that_is_tried() -> None:
    kinds = {each.grant.role for each in demonstration.ACCOUNTS}

    assert kinds == set(ROLE_OF.values())


@pytest.mark.parametrize("how", ["stranger", "disabled", "expired"])
def test_who_has_no_right_any_more_gets_into_no_closed_page(
    app: Flask, browser_of: Browser, world: World, how: str
) -> None:
    key, client = world.accepted(), app.test_client()
    if how != "stranger":
        client = browser_of(CLERK)
        with world.database.transaction() as session:
            session.execute(text(ENDS[how]), {"account": CLERK})
    wrong = []
    for rule in closed_rules(app):
        if how == "expired" and rule.rule.startswith("/account"):
            continue  # an account without a grant may still look at itself
        for method in methods(rule):
            answer = client.open(address(app, rule, key), method=method)
            to_sign_in = answer.status_code == 303 and "/sign-in" in (answer.location or "")
            if not (to_sign_in or answer.status_code in REFUSED):
                wrong.append(f"{method} {rule.rule}: {answer.status_code}")

    assert not wrong


ENDS = {
    "disabled": "update people set disabled_at = created_at where account = :account",
    "expired": "update person_grants set valid_until = valid_from + interval '1 second'"
    " where person_id = (select id from people where account = :account)",
}


OTHERS = {
    "/cases": (APPLICANT, WINDOW),
    "/counter": (WINDOW,),
    "/tasks": (OTHER_CLERK, MAKER),
}
"""Accounts that get into these pages, but not to a neighbour's case that is online."""


def test_a_neighbours_case_does_not_exist(app: Flask, browser_of: Browser, world: World) -> None:
    key, found = world.accepted(), []
    for rule in closed_rules(app):
        if "case_id" not in rule.arguments:
            continue
        place = f"/{rule.rule.split('/')[1]}"
        for account in roles_of(rule).intersection(OTHERS.get(place, ())):
            for method in methods(rule):
                status = browser_of(account).open(address(app, rule, key), method=method)
                if status.status_code != 404:
                    found.append(f"{account} {method} {rule.rule}: {status.status_code}")

    assert not found


ACCOUNT_BY_PLACE = {
    "/cases": APPLICANT,
    "/audit": AUDITOR,
    "/counter": WINDOW,
    "/extensions": GOVERNMENT,
    "/supervision": SUPERVISOR,
    "/reassign": HEAD,
    "/operations": OPERATOR,
    "/repair-requests": OPERATOR,
}


def test_another_districts_case_does_not_exist(
    app: Flask, browser_of: Browser, world: World
) -> None:
    key = world.accepted()
    elsewhere = CaseKey("620123" if key.district_code == DISTRICT else DISTRICT, key.case_id)
    for rule in closed_rules(app):
        if "case_id" not in rule.arguments or "GET" not in methods(rule):
            continue
        account = ACCOUNT_BY_PLACE.get(f"/{rule.rule.split('/')[1]}", CLERK)
        status = browser_of(account).get(address(app, rule, elsewhere)).status_code
        assert status == 404, f"{account} {rule.rule}: {status}"
