"""Corrections of one part: asked once, sent by themselves, and nobody else's part is touched."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import RuleViolatedError, TransitionRefusedError
from services import returned_cases, verification
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.fixtures.corrections import ADDRESS, FOOD, PLAN, SEATS, SIGN, WIDTH, TwoLicences

DAY = 24 * 60


def is_sound(world: TwoLicences, key: CaseKey) -> bool:
    with world.database.transaction() as session:
        return verification.verify_chain(session, key.district_code, key.case_id).valid


def test_one_part_waits_with_its_clock_stopped_while_the_case_goes_on(
    licences: TwoLicences,
) -> None:
    key = licences.in_review()
    before = licences.part(key, "food").due_at
    licences.ask(key, "food", ADDRESS)
    licences.tick(3 * DAY)

    [asked] = licences.standing(key)
    assert asked.item_code == "food"
    assert asked.unmended == frozenset({"premises.address"})
    assert asked.mends[0].suggestion == "写到房间号"
    assert licences.state(key) == "in_progress"
    assert licences.task_states(key)["sign"] == "in_review"

    licences.change(key, "premises", address="雁园路 1 号 302 室", seats="900", name="改不了")
    licences.supply(key, "food")

    assert licences.answers(key)["premises"]["address"] == "雁园路 1 号 302 室"
    assert licences.answers(key)["premises"]["seats"] == 40
    assert licences.task_states(key)["food"] == "in_review"
    after = licences.part(key, "food").due_at
    assert before
    assert after
    assert after > before
    assert licences.standing(key) == ()
    assert is_sound(licences, key)


def test_two_departments_at_once_each_get_their_own(licences: TwoLicences) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS, PLAN)
    licences.ask(key, "sign", WIDTH, PlaceToMend(path="materials.sign_drawing", reason="请补充"))
    licences.change(key, "premises", address="雁园路 1 号 302 室")
    licences.change(key, "signboard", width="很宽")  # half done, and wrong
    licences.file(key, "sign_drawing", "效果图.pdf")
    licences.file(key, "floor_plan", "新平面图.pdf")

    licences.supply(key, "food")

    assert licences.answers(key)["signboard"]["width"] == 600
    assert licences.typed(key)["signboard"]["width"] == "很宽"
    assert licences.sent_files(key) == ["平面图.pdf", "新平面图.pdf"]
    assert licences.task_states(key) == {"food": "in_review", "sign": "awaiting_corrections"}

    with pytest.raises(RuleViolatedError) as refused:
        licences.supply(key, "sign")
    assert [problem.path for problem in refused.value.problems] == ["signboard.width"]
    licences.change(key, "signboard", width="420")
    licences.supply(key, "sign")

    assert licences.answers(key)["signboard"]["width"] == 420
    assert licences.answers(key)["premises"]["address"] == "雁园路 1 号 302 室"
    assert licences.sent_files(key) == ["平面图.pdf", "效果图.pdf", "新平面图.pdf"]
    assert is_sound(licences, key)


def test_officers_find_the_parts_that_wait_for_what_they_asked(licences: TwoLicences) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS, PLAN)

    with licences.database.transaction() as session:
        own = returned_cases.returned_cases(session, FOOD, licences.at)
        others = returned_cases.returned_cases(session, SIGN, licences.at)
    [line] = [line for line in own if line.task.key == key]
    assert (line.task.item_code, line.place_count) == ("food", 2)
    assert key not in [line.task.key for line in others]


def test_pressing_twice_sends_once_and_an_old_page_sends_nothing(licences: TwoLicences) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS)
    [asked] = licences.standing(key)
    licences.change(key, "premises", address="雁园路 1 号 302 室")

    first = licences.supply(key, "food", asked.command_id)
    again = licences.supply(key, "food", asked.command_id)

    assert again.repeated
    assert again.event_number == first.event_number
    new = replace(ADDRESS, new_fact="门牌变更")
    licences.ask(key, "food", new)
    third = licences.supply(key, "food", asked.command_id)
    assert third.repeated
    assert licences.task_states(key)["food"] == "awaiting_corrections"


def test_nobody_names_what_is_not_theirs_or_asks_twice_for_the_same(
    licences: TwoLicences,
) -> None:
    key = licences.in_review()
    for path in ("signboard.width", "materials.sign_drawing", "nowhere", "premises.0.name"):
        with pytest.raises(RuleViolatedError):
            licences.ask(key, "food", PlaceToMend(path=path, reason="x"))
    licences.ask(key, "food", ADDRESS)
    licences.ask(key, "sign", ADDRESS)  # another department's first word
    licences.change(key, "premises", address="雁园路 1 号 302 室")
    licences.supply(key, "food")

    with pytest.raises(RuleViolatedError) as refused:
        licences.ask(key, "food", ADDRESS)
    assert [problem.path for problem in refused.value.problems] == ["new_fact.premises.address"]
    licences.ask(key, "food", replace(ADDRESS, new_fact="门牌已变更"))
    assert licences.task_states(key)["food"] == "awaiting_corrections"


@pytest.mark.parametrize("day", ["2026-09-17", "2027-09-18", "soon"])
def test_the_last_day_lies_ahead_and_not_too_far(licences: TwoLicences, day: str) -> None:
    key = licences.in_review()

    with pytest.raises(RuleViolatedError) as refused:
        licences.ask(key, "food", ADDRESS, corrections_due_on=day)
    assert [problem.path for problem in refused.value.problems] == ["corrections_due_on"]


def test_a_request_taken_back_leaves_others_changes_and_keeps_what_was_typed(
    licences: TwoLicences,
) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS, PLAN)
    licences.ask(key, "sign", WIDTH)
    licences.change(key, "premises", address="改了一半")
    licences.change(key, "signboard", width="420")
    licences.file(key, "floor_plan", "新平面图.pdf")

    licences.act(FOOD, key, "end_corrections", "food", reason="原来的地址没有问题")

    assert licences.typed(key)["premises"]["address"] == "雁园路 1 号"
    assert licences.typed(key)["signboard"]["width"] == "420"
    kept = licences.rows(
        "select typed, materials from submissions where district_code = :district_code"
        " and case_id = :case_id order by event_number desc limit 1",
        key,
    )[0]
    assert kept["typed"]["premises"]["address"] == "改了一半"
    assert kept["typed"]["signboard"]["width"] == "600"
    assert [paper["name"] for paper in kept["materials"]] == ["新平面图.pdf"]
    licences.supply(key, "sign")
    assert licences.sent_files(key) == ["平面图.pdf"]
    assert is_sound(licences, key)
    with pytest.raises(TransitionRefusedError):
        licences.act(FOOD, key, "end_corrections", "food", reason="x")


def test_a_follow_on_question_goes_with_the_part_that_called_for_it(
    licences: TwoLicences,
) -> None:
    key = licences.in_review()
    licences.ask(key, "food", PlaceToMend(path="premises.cold_dishes", reason="现场有冷食"))
    licences.ask(key, "sign", SEATS)
    licences.change(key, "premises", cold_dishes="yes", seats="60")

    with pytest.raises(RuleViolatedError) as refused:
        licences.supply(key, "food")
    assert [problem.path for problem in refused.value.problems] == ["premises.cold_room"]
    licences.change(key, "premises", cold_room="8")
    licences.supply(key, "food")

    sent = licences.answers(key)["premises"]
    assert (sent["cold_dishes"], sent["cold_room"], sent["seats"]) == (True, 8, 40)
    licences.supply(key, "sign")
    assert licences.answers(key)["premises"]["seats"] == 60


def test_when_the_day_passes_the_examination_goes_on_with_what_was_sent(
    licences: TwoLicences,
) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS, corrections_due_on="2026-09-28")
    [asked] = licences.standing(key)
    assert asked.due_at is not None
    assert asked.due_at.date() == date(2026, 9, 28)
    licences.change(key, "premises", address="改了一半")
    licences.tick(11 * DAY)

    licences.run_timers()

    assert licences.task_states(key)["food"] == "in_review"
    assert licences.typed(key)["premises"]["address"] == "雁园路 1 号"
    with pytest.raises(TransitionRefusedError):
        licences.supply(key, "food", asked.command_id)
    assert licences.task_states(key)["sign"] == "in_review"
