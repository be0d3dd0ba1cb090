"""Returned cases: found by those who returned them, taken back, asked again only with reason."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import NotPermittedError, RuleViolatedError, TransitionRefusedError
from services import cases, notices, returned_cases, verification
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.fixtures.world import World, clerk_of
from workflows.permissions import Grant, Role

REGISTRAR = clerk_of("market_regulation")
DETAIL = PlaceToMend(path="address.detail", reason="缺房号", suggestion="写到房间号")


def returned(world: World, *places: PlaceToMend) -> CaseKey:
    key = world.submitted()
    world.act(REGISTRAR, key, "return", places=places or (DETAIL,))
    return key


def due_on(world: World, key: CaseKey) -> date | None:
    found: date | None = world.value(
        "select resubmission_due_on from cases"
        " where district_code = :district_code and id = :case_id",
        key,
    )
    return found


def mend(world: World, key: CaseKey, detail: str) -> None:
    with world.database.transaction() as session:
        typed = dict(cases.draft(session, world.applicant, key).typed)["address"]
        posted = {"address": {**typed, "detail": detail}}
        cases.save_sections(session, world.applicant, key, posted, world.tick())


def typed_detail(world: World, key: CaseKey) -> str:
    with world.database.transaction() as session:
        return str(cases.draft(session, world.applicant, key).typed["address"]["detail"])


def is_sound(world: World, key: CaseKey) -> bool:
    with world.database.transaction() as session:
        return verification.verify_chain(session, key.district_code, key.case_id).valid


def test_a_return_gives_fifteen_working_days_and_no_clock_of_its_own(world: World) -> None:
    key = returned(world)

    assert due_on(world, key) == date(2026, 10, 15)  # the holidays of October are skipped
    world.submit(key)
    assert due_on(world, key) is None


@pytest.mark.parametrize("day", ["2026-09-17", "2026-12-18", "2026-13-01", "soon"])
def test_a_last_day_in_the_past_or_too_far_ahead_is_refused(world: World, day: str) -> None:
    key = world.submitted()

    with pytest.raises(RuleViolatedError) as refused:
        world.act(REGISTRAR, key, "return", places=(DETAIL,), inputs={"resubmission_due_on": day})

    assert [problem.path for problem in refused.value.problems] == ["resubmission_due_on"]


@pytest.mark.parametrize(
    "path", ["nowhere", "address.nothing", "shareholders.x", "address.0.detail", "materials.x", ""]
)
def test_a_place_that_the_form_does_not_have_is_refused(world: World, path: str) -> None:
    key = world.submitted()

    with pytest.raises(RuleViolatedError):
        world.act(REGISTRAR, key, "return", places=(PlaceToMend(path=path, reason="x"),))


def test_asking_again_for_the_same_needs_a_new_fact_and_leaves_its_code(world: World) -> None:
    key = returned(world)
    mend(world, key, "雁园路 1 号 302 室")
    world.submit(key)

    with pytest.raises(RuleViolatedError) as refused:
        world.act(REGISTRAR, key, "return", places=(PlaceToMend(path="address", reason="仍不对"),))
    assert [problem.path for problem in refused.value.problems] == ["new_fact.address"]

    again = PlaceToMend(path="address", reason="仍不对", new_fact="房管部门来函，门牌已经变更")
    world.act(REGISTRAR, key, "return", places=(again,))
    event = world.rows(
        "select reason_code, body from events where district_code = :district_code"
        " and case_id = :case_id order by number desc limit 1",
        key,
    )[0]
    assert event["reason_code"] == "new_fact"
    assert event["body"]["asked_again"] == ["address"]
    assert "来函" not in str(event)
    assert is_sound(world, key)


def test_something_not_asked_before_may_be_asked_in_a_second_round(world: World) -> None:
    key = returned(world)
    world.submit(key)

    world.act(
        REGISTRAR, key, "return", places=(PlaceToMend(path="company.trade_name", reason="x"),)
    )

    assert world.state(key) == "returned"


def test_a_request_taken_back_leaves_the_case_as_it_was_sent(world: World) -> None:
    key = returned(world)
    before = typed_detail(world, key)
    mend(world, key, "改了一半")

    with pytest.raises(RuleViolatedError):
        world.act(REGISTRAR, key, "revoke_return")
    with pytest.raises(NotPermittedError):
        world.act(world.applicant, key, "revoke_return", reason="x")
    world.act(REGISTRAR, key, "revoke_return", reason="看错了，原来的地址没有问题")

    assert world.state(key) == "submitted"
    assert typed_detail(world, key) == before
    kept = world.rows(
        "select typed, answers from submissions where district_code = :district_code"
        " and case_id = :case_id order by event_number desc limit 1",
        key,
    )[0]
    assert kept["typed"]["address"]["detail"] == "改了一半"
    assert kept["answers"] is None
    assert is_sound(world, key)
    world.act(REGISTRAR, key, "accept")
    with pytest.raises(TransitionRefusedError):
        world.act(REGISTRAR, key, "revoke_return", reason="x")


def test_each_submission_is_kept_as_it_was_sent_and_a_change_to_it_is_found(
    world: World,
) -> None:
    key = returned(world)
    mend(world, key, "雁园路 1 号 302 室")
    world.submit(key)

    rows = world.rows(
        "select event_number, answers from submissions where district_code = :district_code"
        " and case_id = :case_id order by event_number",
        key,
    )
    details = [row["answers"]["address"]["detail"] for row in rows]
    assert details[1] == "雁园路 1 号 302 室"
    assert details[0] != details[1]
    assert is_sound(world, key)
    world.rows(
        "update submissions set answers = answers || '{\"term\": {}}' where district_code ="
        " :district_code and case_id = :case_id and event_number = 1 returning 1",
        key,
    )
    assert not is_sound(world, key)


def test_officers_of_the_department_find_what_they_returned_and_others_do_not(
    world: World,
) -> None:
    key = returned(world)

    with world.database.transaction() as session:
        [line] = returned_cases.returned_cases(session, REGISTRAR, world.at)
        assert returned_cases.returned_cases(session, clerk_of("tax"), world.at) == []
        elsewhere = clerk_of("market_regulation", "620123")
        assert returned_cases.returned_cases(session, elsewhere, world.at) == []
    assert line.task.key == key
    assert line.place_count == 1
    assert line.due_on == date(2026, 10, 15)


def test_one_notice_tells_of_the_whole_list_and_one_that_it_was_taken_back(world: World) -> None:
    key = returned(world, DETAIL, PlaceToMend(path="company.trade_name", reason="相近"))
    world.act(REGISTRAR, key, "revoke_return", reason="看错了")
    with world.database.transaction() as session:
        notices.tell(session, key.district_code, key.case_id, [2, 3], world.at)
        told = notices.unread(session, world.applicant)

    assert told[1].sentence.zh.startswith("有 2 处内容请您修改。请在 2026年10月15日前改好")
    assert "by 15 October 2026" in told[1].sentence.en
    assert "撤回了修改要求" in told[0].sentence.zh


def test_taking_a_return_back_gains_the_office_no_time(world: World) -> None:
    waiting = (
        "select waiting_since, due_at from queue_entries where case_id = :case_id"
        " and district_code = :district_code and handling_district_code = :district_code"
    )
    key = world.submitted()
    before = world.rows(waiting, key)
    world.act(REGISTRAR, key, "return", places=(DETAIL,))
    world.tick(3 * 24 * 60)

    world.act(REGISTRAR, key, "revoke_return", reason="看错了")

    assert world.rows(waiting, key) == before


def test_returned_cases_of_others_take_no_room_on_the_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = world.submitted(district_code="620123")
    world.act(clerk_of("market_regulation", "620123"), there, "return", places=(DETAIL,))
    here = returned(world)
    tax_there = Grant(role=Role.CLERK, department_code="tax", district_code="620123")
    officer = replace(REGISTRAR, grants=(*REGISTRAR.grants, tax_there))
    monkeypatch.setattr(returned_cases, "MOST", 1)

    with world.database.transaction() as session:
        found = returned_cases.returned_cases(session, officer, world.at)
    assert [line.task.key for line in found] == [here]
