"""A restaurant after each way out was taken to its end: in weeks that have passed."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from core.clock import CIVIL_ZONE
from core.database import Database
from services import timers
from services.cases import CaseKey
from tests.browser.catalogue.ways_out import (
    FIRE,
    PAPERS,
    PLAN,
    ROOMS,
    WHY,
    accepted,
    restaurant,
)

if TYPE_CHECKING:
    from tests.browser.catalogue.prepared import Stage

WEEKS = 10
"""How long ago it all began: long enough that every limit has run out."""
HEAD, FIRE_HEAD, INSPECTOR, SECOND = (
    "registrar-head",
    "fire-head",
    "food-inspector",
    "food-inspector-two",
)
PLACE = "雁园路 1 号一层"


def prepare_taken(stage: "Stage") -> None:
    """One restaurant for each end; the clock of the stage is set back meanwhile."""
    present = stage.world.at
    stage.world.at = present - timedelta(weeks=WEEKS)
    _run_out(stage)
    for part in (_hearings, _ended, _granted):
        part(stage)
    stage.world.at = present
    for part in (_before_acceptance, _asked, _site):
        part(stage)


def _on(stage: "Stage", days: int) -> str:
    day: date = stage.world.at.astimezone(CIVIL_ZONE).date() + timedelta(days=days)
    return day.isoformat()


def _sent(stage: "Stage", name: str, *, later: bool = False) -> CaseKey:
    papers = PAPERS if later else (*PAPERS, "safety_rules")
    key = restaurant(stage, name, *papers, rules_later="yes" if later else "no")
    stage.world.submit(key)
    return key


def _before_acceptance(stage: "Stage") -> None:
    stage.act("registrar", _sent(stage, "pre_checked"), "pre_check")
    for name in ("asked_to_complete", "request_taken_back"):
        key = _sent(stage, name)
        stage.act("registrar", key, "ask_for_corrections", places=(ROOMS, PLAN))
    stage.act("registrar", key, "revoke_return", reason=WHY)


def _run_out(stage: "Stage") -> None:
    """What ends or begins because nobody did anything: all of it in one look of the timers."""
    _sent(stage, "deemed_accepted")
    for name in ("lapsed", "lapsed_reopened"):
        key = _sent(stage, name)
        stage.act("registrar", key, "ask_for_corrections", places=(ROOMS, PLAN))
    key = _sent(stage, "promise_lapsed", later=True)
    stage.act("registrar", key, "accept_with_tolerance")
    began = stage.world.at
    stage.world.at += timedelta(weeks=WEEKS - 2)
    fire_timers(stage.world.database, stage.world.at)
    stage.act(HEAD, stage.prepared.cases["lapsed_reopened"], "reopen", reason=WHY)
    stage.world.at = began


def fire_timers(database: Database, at: Any) -> None:
    """Fire what has run out by now, as the worker does."""
    with database.transaction() as session:
        for found in timers.run_out(session, at):
            timers.fire(session, found, at)


def _hearing(stage: "Stage", name: str, *triggers: str) -> CaseKey:
    key, item = accepted(stage, name), "food_licence"
    stage.act("registrar", key, "tell_hearing_right", item)
    stage.world.act(stage.world.applicant, key, "ask_for_hearing", item)
    facts: dict[str, dict[str, Any]] = {
        "decline_hearing": {"reason": WHY},
        "order_hearing": {
            "inputs": {
                "hearing_on": _on(stage, 14),
                "hearing_time": "at_0900",
                "hearing_place": "市场监管局三楼听证室",
                "hearing_chair": "陈主持",
            }
        },
        "hold_hearing": {
            "inputs": {
                "held_on": _on(stage, 14),
                "record": "申请人说明了冷食间的改造，提交了照片，办理人员作了质证。",
            }
        },
        "close_hearing": {"reason": WHY},
    }
    for trigger in triggers:
        if trigger == "hold_hearing":
            stage.world.at += timedelta(days=14, hours=1)
        stage.act("registrar", key, trigger, item, **facts[trigger])
    return key


def _hearings(stage: "Stage") -> None:
    began = stage.world.at
    _hearing(stage, "hearing_declined", "decline_hearing")
    for name, more in (("hearing_held", ()), ("hearing_closed", ("close_hearing",))):
        stage.world.at = began
        _hearing(stage, name, "order_hearing", "hold_hearing", *more)
    stage.world.at = began


def _ended(stage: "Stage") -> None:
    for name, trigger in (
        ("withdrawal_confirmed", "confirm_withdrawal"),
        ("withdrawal_declined", "decline_withdrawal"),
    ):
        key = accepted(stage, name)
        stage.act(FIRE, key, "decide_on_commitment", "fire_check")
        stage.world.act(stage.world.applicant, key, "ask_to_withdraw")
        stage.act("registrar", key, trigger, reason=WHY)
    found = {"verified_on": _on(stage, 0), "findings": "现场与承诺一致。"}
    key = accepted(stage, "commitment_verified")
    stage.act(FIRE, key, "decide_on_commitment", "fire_check")
    stage.act("fire", key, "verify", "fire_check", inputs=found)
    for name in ("commitment_reported", "commitment_revoked", "credit_repaired"):
        key = accepted(stage, name)
        stage.act(FIRE, key, "decide_on_commitment", "fire_check")
        ordered = {"rectify_by": _on(stage, 14)}
        stage.act("fire", key, "order_to_rectify", "fire_check", reason=WHY, inputs=ordered)
        if name == "commitment_reported":
            stage.world.act(stage.world.applicant, key, "report_rectified", "fire_check")
        else:
            stage.act(FIRE_HEAD, key, "revoke_false_commitment", "fire_check", reason=WHY)
            stage.act(FIRE_HEAD, key, "repair_credit", "fire_check", reason=WHY)


def _granted(stage: "Stage") -> None:
    """Licences that were granted; one with conditions, one revoked, one decided once more."""
    for name in ("granted_with_conditions", "licence_revoked", "licence_reopened"):
        key = accepted(stage, name)
        stage.act("health", key, "approve", "health_certificates")
        _inspect(stage, key, "schedule", "record_met", "countersign")
        ready = {"proposal": "grant", "grounds": "符合法定条件"}
        stage.act(INSPECTOR, key, "prepare_decision", "food_licence", inputs=ready)
        if name == "granted_with_conditions":
            told = {"conditions": "冷食专间改造完成以前，不得制售冷食类食品。"}
            stage.act(SECOND, key, "approve_with_conditions", "food_licence", inputs=told)
            continue
        stage.act(SECOND, key, "approve", "food_licence")
        ground = {"revocation_cause": "not_qualified"}
        stage.act(HEAD, key, "revoke", "food_licence", reason=WHY, inputs=ground)
        if name == "licence_reopened":
            by = {"ordered_by": "court_judgment", "decision_number": "（2026）甘01行初1号"}
            stage.act(HEAD, key, "reopen", "food_licence", reason=WHY, inputs=by)


def _asked(stage: "Stage") -> None:
    """What waits for somebody's answer now."""
    _hearing(stage, "hearing_asked")
    _hearing(stage, "hearing_ordered", "order_hearing")
    for name, trigger in (("time_given", "extend"), ("time_declined", "decline_to_extend")):
        key = accepted(stage, name)
        stage.act(HEAD, key, "ask_to_extend", reason=WHY)
        stage.act("government", key, trigger, reason=WHY)
    key = accepted(stage, "decision_prepared")
    stage.act("health", key, "approve", "health_certificates")
    _inspect(stage, key, "schedule", "record_met", "countersign")
    ready = {"proposal": "grant", "grounds": "符合法定条件"}
    stage.act(INSPECTOR, key, "prepare_decision", "food_licence", inputs=ready)


def _site(stage: "Stage") -> None:
    """Inspections that asked for something to be put right, and one that failed."""
    _inspect(stage, accepted(stage, "site_to_countersign"), "schedule", "record_to_rectify")
    key = accepted(stage, "site_to_rectify")
    _inspect(stage, key, "schedule", "record_to_rectify", "order_to_rectify")
    _inspect(stage, accepted(stage, "site_failed"), "schedule", "record_unmet", "countersign")
    key = accepted(stage, "commitment_declined")
    stage.act("fire", key, "decline_commitment", "fire_check", reason=WHY)


def _inspect(stage: "Stage", key: CaseKey, *triggers: str) -> None:
    found = {"inspected_on": _on(stage, 0), "findings": "冷食专间没有二次更衣，请改正。"}
    inputs: dict[str, dict[str, Any]] = {
        "schedule": {
            "inspection_on": _on(stage, 3),
            "inspection_time": "morning",
            "inspection_place": PLACE,
            "second_officer": stage.person(SECOND).name,
        },
        "order_to_rectify": {"rectify_by": _on(stage, 10)},
    }
    for trigger in triggers:
        is_second = trigger in ("countersign", "order_to_rectify")
        given = inputs.get(trigger, found if trigger.startswith("record") else {})
        who = SECOND if is_second else INSPECTOR
        stage.act(who, key, trigger, "joint_inspection", inputs=given, reason=WHY)
