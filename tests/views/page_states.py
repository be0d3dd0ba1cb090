"""Addresses of every page in the states that people meet, with who opens them."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from werkzeug.routing import Rule

from catalog import registry
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.fixtures.scene import APPLICANT, REGISTRAR, Scene
from tests.fixtures.world import clerk_of

WINDOW = "window"
READERS: dict[str, str | None] = {
    "/account": APPLICANT,
    "/audit": "auditor",
    "/calendars": "administrator",
    "/cards": REGISTRAR,
    "/cases": APPLICANT,
    "/counter": WINDOW,
    "/guide": APPLICANT,
    "/operations": "operator",
    "/people": "administrator",
    "/queue": REGISTRAR,
    "/savings": "auditor",
    "/supervision": "supervisor",
    "/tasks": REGISTRAR,
}
HANDLERS = {
    "registration": REGISTRAR,
    "seals": "maker-jincheng",
    "tax": "tax",
    "social_insurance": "human-resources",
    "medical_insurance": "medical-insurance",
    "housing_fund": "housing-fund",
    "bank_appointment": "bank",
}
FIRST_DRAFT, RETURNED, ACCEPTED, DELIVERED = 0, 2, 3, 6
"""Places in what `stages` gives: forms are open in the first two, tasks in the last."""


def returned(scene: Scene) -> CaseKey:
    """A case that came back with places to mend."""
    key = scene.submitted()
    places = (PlaceToMend(path="company.trade_name", reason="字号与他人相同。"),)
    scene.world.act(
        clerk_of("market_regulation"), key, "return", reason="请改好再交。", places=places
    )
    return key


def refused(scene: Scene) -> CaseKey:
    """A case that ended with a refusal."""
    key = scene.accepted()
    clerk = clerk_of("market_regulation")
    scene.world.act(clerk, key, "refuse", "registration", reason="材料与事实不符。")
    return key


def stages(scene: Scene) -> list[CaseKey]:
    """One case at every stage, from the draft to the end."""
    return [
        scene.draft(),
        scene.submitted(),
        returned(scene),
        scene.accepted(),
        refused(scene),
        scene.engraved(),
        scene.delivered(),
    ]


def addresses(scene: Scene, keys: list[CaseKey]) -> list[tuple[str | None, str]]:
    """Who and where: pages about a case for each of ``keys`` that they are for, others once."""
    found = []
    with scene.app.test_request_context():
        for rule in scene.app.url_map.iter_rules():
            if rule.endpoint == "static" or "GET" not in (rule.methods or ()):
                continue
            for values in _values(rule, keys):
                if set(rule.arguments) <= set(values):
                    given = {name: values[name] for name in rule.arguments}
                    found.append((_reader(rule, values), url_for(rule.endpoint, **given)))
    return found


def _reader(rule: Rule, values: dict[str, Any]) -> str | None:
    if rule.rule.startswith("/supervision"):
        return "supervisor"
    if "item_code" in rule.arguments:
        return HANDLERS[values["item_code"]]
    return READERS.get(f"/{rule.rule.split('/')[1]}")


def _values(rule: Rule, keys: list[CaseKey]) -> Iterator[dict[str, Any]]:
    thing = registry.catalogue().things["business_start_up"]
    common = {"thing_code": thing.code, "item": "registration"}
    common |= {"output": "business_licence", "material_code": "own_articles", "trigger": "approve"}
    common |= {"office": "national", "year": "2026"}
    asked, sections, items = rule.arguments, [""], [""]
    if "section" in asked:
        keys, sections = [keys[FIRST_DRAFT]], [section.code for section in thing.sections]
    elif "item_code" in asked:
        keys, items = [keys[ACCEPTED], keys[DELIVERED]], list(HANDLERS)
    for key in keys if "case_id" in asked else keys[:1]:
        for section in sections:
            for item in items:
                case = {"district_code": key.district_code, "case_id": key.case_id}
                yield {**common, **case, "section": section, "item_code": item}
