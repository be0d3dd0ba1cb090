"""A restaurant at each way out that its applicant has a page for."""

from typing import TYPE_CHECKING

from catalog import demonstrations
from core.clock import CIVIL_ZONE
from services import cases, door
from services.cases import CaseKey
from tests.fixtures.world import DISTRICT

if TYPE_CHECKING:
    from tests.browser.catalogue.prepared import Stage

COLLEAGUE = "registrar-two"
THING = "open_restaurant"
PAPERS = ("floor_plan", "manager_certificate", "sign_drawing")
WHY = "经审查需要这样办理，具体情况已经写明。"
ROOMS = door.PlaceToMend(
    path="kitchen.rooms",
    reason="平面图上有冷食专间，表里没有勾选。",
    suggestion="请勾选冷食专间，并核对其他专间。",
)
PLAN = door.PlaceToMend(path="materials.floor_plan", reason="看不清各功能区的名称，请重新上传。")
FIRE = "fire"


def prepare_ways(stage: "Stage") -> None:
    """A restaurant at each way out that its applicant has a page for."""
    _drafts(stage)
    _corrections(stage)
    _clocks(stage)
    _answers(stage)
    _ends(stage)


def restaurant(stage: "Stage", name: str, *papers: str, **later: str) -> CaseKey:
    stage.suffix += 1
    day = stage.world.at.astimezone(CIVIL_ZONE).date()
    typed = demonstrations.typed(THING, on=day, suffix=stage.suffix)
    typed["later"] = dict(typed["later"]) | later
    with stage.world.database.transaction() as session:
        opening = cases.Opening(
            thing_code=THING, district_code=DISTRICT, opened_at=stage.world.tick()
        )
        key = cases.start(session, stage.world.applicant, opening, stage.world.tick())
        cases.save_sections(session, stage.world.applicant, key, typed, stage.world.tick())
    for paper in papers:
        stage.paper(key, f"{paper}.pdf", material=paper)
    return stage.keep(name, key)


def accepted(stage: "Stage", name: str) -> CaseKey:
    """A restaurant whose food licence is being examined."""
    key = restaurant(stage, name, *PAPERS, "safety_rules", rules_later="no")
    stage.world.submit(key)
    stage.act("registrar", key, "accept")
    stage.act(COLLEAGUE, key, "approve", "licence_check")
    return key


def _drafts(stage: "Stage") -> None:
    restaurant(stage, "promise_draft", *PAPERS, rules_later="yes")
    key = restaurant(stage, "promise_accepted", *PAPERS, rules_later="yes")
    stage.world.submit(key)
    stage.act("registrar", key, "accept_with_tolerance")
    key = restaurant(stage, "promise_ready", *PAPERS, rules_later="yes")
    stage.world.submit(key)
    stage.act("registrar", key, "accept_with_tolerance")
    stage.paper(key, "规章制度.pdf", material="safety_rules")


def _corrections(stage: "Stage") -> None:
    for name in ("correction_asked", "correction_made", "correction_sent"):
        key = accepted(stage, name)
        places = (ROOMS, PLAN)
        stage.act("registrar", key, "request_corrections", "food_licence", places=places)
        stage.prepared.names[f"{name}_paper"] = _last_paper(stage, key)
        if name == "correction_asked":
            continue
        with stage.world.database.transaction() as session:
            typed = dict(cases.draft(session, stage.world.applicant, key).typed["kitchen"])
            typed["rooms"] = ["cold_room", "cold_area"]
            part = {"kitchen": typed}
            cases.save_sections(session, stage.world.applicant, key, part, stage.world.tick())
        if name == "correction_sent":
            stage.supply(key, "food_licence")


def _clocks(stage: "Stage") -> None:
    told = {"cause": "appraisal", "expected_days": 7}
    key = accepted(stage, "clock_stopped")
    stage.act("registrar", key, "begin_special_procedure", "food_licence", inputs=told)
    key = accepted(stage, "extended")
    stage.act("registrar-head", key, "extend", "food_licence", reason=WHY)


def _answers(stage: "Stage") -> None:
    key = accepted(stage, "hearing_offered")
    stage.act("registrar", key, "tell_hearing_right", "food_licence")
    key = accepted(stage, "withdrawal_asked")
    stage.world.act(stage.world.applicant, key, "ask_to_withdraw")
    key = accepted(stage, "commitment_granted")
    stage.act(FIRE, key, "decide_on_commitment", "fire_check")
    key = accepted(stage, "commitment_broken")
    stage.act(FIRE, key, "decide_on_commitment", "fire_check")
    day = stage.world.at.astimezone(CIVIL_ZONE).date().replace(day=28)
    if day <= stage.world.at.astimezone(CIVIL_ZONE).date():
        day = day.replace(year=day.year + 1)
    inputs = {"rectify_by": day.isoformat()}
    stage.act(FIRE, key, "order_to_rectify", "fire_check", reason=WHY, inputs=inputs)


def _ends(stage: "Stage") -> None:
    key = accepted(stage, "licence_refused")
    proposal = {"proposal": "refuse", "grounds": "不符合条件，建议不予许可。"}
    stage.act("registrar", key, "prepare_decision", "food_licence", inputs=proposal)
    stage.act(COLLEAGUE, key, "refuse", "food_licence", reason=WHY)
    stage.prepared.names["licence_refused_paper"] = _last_paper(stage, key)
    stage.prepared.names["paper_check"] = _check(stage, key)
    key = restaurant(stage, "not_ours", *PAPERS, "safety_rules", rules_later="no")
    stage.world.submit(key)
    stage.act(
        "registrar",
        key,
        "tell_not_ours",
        reason=WHY,
        inputs={"competent_authority": "城关区市场监督管理局"},
    )


def _last_paper(stage: "Stage", key: CaseKey) -> str:
    number = stage.world.value(
        "select max(event_number) as number from documents"
        " where district_code = :district_code and case_id = :case_id",
        key,
    )
    return f"{key.district_code}/{key.case_id}/documents/{number}"


def _check(stage: "Stage", key: CaseKey) -> str:
    row = stage.world.rows(
        "select e.number, encode(e.hash, 'hex') as hash from documents d join events e"
        " on e.district_code = d.district_code and e.case_id = d.case_id"
        " and e.number = d.event_number where d.district_code = :district_code"
        " and d.case_id = :case_id order by e.number desc limit 1",
        key,
    )[0]
    return f"{key.district_code}/{key.case_id}/{row['number']}/{row['hash'][:20]}"
