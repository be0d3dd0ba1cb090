"""Special procedures, hearings and extensions: what stops a clock, and what makes it longer."""

from pathlib import Path

from catalog import checks, registry
from catalog.schema import ProcessDefinition
from catalog.source import Source
from services.door import extensions
from tests.fixtures.database import SEEDED_AT
from tests.fixtures.exits import (
    FOOD,
    GOVERNMENT,
    HEAD,
    SECOND,
    SIGN,
    SIGN_HEAD,
    WHY,
    Exits,
    checked,
    example,
    refused,
)
from workflows.order import Taken


def test_a_special_procedure_stops_the_clock_for_a_lawful_cause_told_with_its_days(
    exits: Exits,
) -> None:
    key = exits.accepted("2026-09-18 10:00")
    assert exits.due(key, "food") == "2026-10-09 18:00"
    told = {"cause": "holiday", "expected_days": 4}
    assert "法律列明" in refused(exits, FOOD, key, "begin_special_procedure", "food", inputs=told)
    assert "几个工作日" in refused(
        exits, FOOD, key, "begin_special_procedure", "food", inputs={"cause": "appraisal"}
    )
    told["cause"] = "appraisal"
    exits.act(FOOD, key, "begin_special_procedure", "food", inputs=told)
    body = exits.last(key, "begin_special_procedure")["body"]
    assert (body["cause"], body["expected_until"]) == ("appraisal", "2026-09-23")
    assert exits.due(key, "food", "paused_at") == "2026-09-18 11:04"
    exits.set("2026-09-22 15:00")
    exits.act(FOOD, key, "end_special_procedure", "food", inputs={"outcome": "合格"})
    # The 20th, 21st and 22nd are not counted.
    assert exits.due(key, "food") == "2026-10-13 18:00"
    assert exits.documents(key)[-1] == "special_procedure_notice"
    checked(exits, key)


def test_a_hearing_is_asked_for_in_five_days_and_held_between_seven_and_twenty(
    exits: Exits,
) -> None:
    key = exits.accepted("2026-09-18 10:00")
    assert "没有等待答复" in refused(exits, exits.applicant, key, "ask_for_hearing", "food")
    exits.act(FOOD, key, "tell_hearing_right", "food")
    assert "还没有送达" in refused(exits, FOOD, key, "prepare_decision", "food")
    exits.act(exits.applicant, key, "ask_for_hearing", "food")
    assert "还没有答复" in refused(exits, FOOD, key, "prepare_decision", "food")
    place = {"hearing_time": "at_0900", "hearing_place": "政务中心 302", "hearing_chair": "赵主任"}
    for day, words in (
        ("2026-09-28", "最早可以定在 2026-09-29"),
        ("2026-10-26", "最迟 2026-10-22"),
        ("2026-10-02", "不是工作日"),
        ("someday", "存在的日期"),
    ):
        assert words in refused(
            exits, FOOD, key, "order_hearing", "food", inputs=place | {"hearing_on": day}
        )
    exits.act(FOOD, key, "order_hearing", "food", inputs=place | {"hearing_on": "2026-10-09"})
    assert exits.due(key, "food", "paused_at") != ""
    exits.set("2026-10-09 12:00")
    held = {"held_on": "2026-10-09", "record": "双方陈述，无新的证据。"}
    exits.act(FOOD, key, "hold_hearing", "food", inputs=held)
    exits.act(FOOD, key, "close_hearing", "food", reason=WHY)
    assert "没有等待答复" in refused(exits, FOOD, key, "decline_hearing", "food", reason=WHY)
    assert exits.documents(key)[-3:] == [
        "hearing_right_notice",
        "hearing_summons",
        "hearing_record",
    ]
    checked(exits, key)


def test_the_head_extends_once_by_what_the_definition_says(exits: Exits) -> None:
    key = exits.accepted("2026-09-18 10:00")
    before = exits.due(key, "food", "first_due_at")
    assert "权限" in refused(exits, FOOD, key, "extend", "food", reason=WHY)
    exits.act(HEAD, key, "extend", "food", reason=WHY)
    # Ten working days more than the ten promised, and than the twenty of the law.
    assert exits.due(key, "food") == "2026-10-22 18:00"
    assert exits.due(key, "food", "statutory_due_at") == "2026-11-05 18:00"
    assert exits.due(key, "food", "first_due_at") == before == "2026-10-09 18:00"
    exits.prepare(key, "food", FOOD)
    assert "只能办理一次" in refused(exits, HEAD, key, "extend", "food", reason=WHY)
    assert exits.documents(key)[-1] == "extension_notice"
    checked(exits, key)


def test_a_limit_that_has_run_out_cannot_be_extended_any_more(exits: Exits) -> None:
    key = exits.accepted("2026-09-18 10:00")
    assert exits.due(key, "food", "statutory_due_at") == "2026-10-22 18:00"
    exits.set("2026-10-22 18:02")
    assert "已经届满" in refused(exits, HEAD, key, "extend", "food", reason=WHY)


def test_where_the_definition_asks_for_it_nothing_is_extended_without_consent(
    exits: Exits,
) -> None:
    key = exits.accepted("2026-09-18 10:00", has_sign=True)
    assert "先征得" in refused(exits, SIGN_HEAD, key, "extend", "sign", reason=WHY)
    assert "不需要申请人同意" in refused(exits, FOOD, key, "propose_extension", "food", reason=WHY)
    exits.act(SIGN, key, "propose_extension", "sign", reason=WHY)
    assert "还没有答复" in refused(exits, SIGN_HEAD, key, "extend", "sign", reason=WHY)
    exits.act(exits.applicant, key, "agree_to_extension", "sign")
    exits.act(SIGN_HEAD, key, "extend", "sign", reason=WHY)
    assert exits.due(key, "sign") != exits.due(key, "sign", "first_due_at")

    other = exits.accepted("2026-09-18 10:00", has_sign=True)
    exits.act(SIGN, other, "propose_extension", "sign", reason=WHY)
    exits.act(exits.applicant, other, "decline_extension", "sign")
    assert "不同意延期" in refused(exits, SIGN_HEAD, other, "extend", "sign", reason=WHY)
    assert "没有等待答复" in refused(exits, exits.applicant, other, "agree_to_extension", "sign")


def test_consent_is_found_by_what_its_steps_do_whatever_they_are_called(tmp_path: Path) -> None:
    text = (registry.FOLDER / "processes" / "licence.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("propose_extension", "ask_for_more_time"),
        ("agree_to_extension", "take_your_time"),
        ("decline_extension", "be_quick"),
    ):
        text = text.replace(old, new)
    (tmp_path / "licence.yaml").write_text(text, encoding="utf-8")
    process = ProcessDefinition.model_validate(Source(tmp_path / "licence.yaml").data)
    assert not list(checks.process_mistakes(process))
    item = example().thing("exits_example").item("sign")
    row = next(row for row in process.from_state("in_review") if row.trigger == "extend")

    def said(*triggers: str) -> str | None:
        taken = [Taken(trigger=trigger, at=SEEDED_AT) for trigger in triggers]
        found = extensions.refusal(process, row, item, taken)
        return found.zh if found else None

    assert "先征得" in str(said("propose_extension", "agree_to_extension"))
    assert "还没有答复" in str(said("ask_for_more_time"))
    assert "不同意延期" in str(said("ask_for_more_time", "be_quick"))
    assert said("ask_for_more_time", "take_your_time") is None


def test_the_whole_is_extended_only_with_the_consent_that_its_definition_asks_for(
    exits: Exits,
) -> None:
    key = exits.accepted("2026-09-18 10:00")
    assert "先征得" in refused(exits, HEAD, key, "ask_to_extend", reason=WHY)
    exits.act(HEAD, key, "propose_extension", reason=WHY)
    assert "还没有答复" in refused(exits, HEAD, key, "ask_to_extend", reason=WHY)
    assert "权限" in refused(exits, HEAD, key, "agree_to_extension")
    exits.act(exits.applicant, key, "agree_to_extension")
    exits.act(HEAD, key, "ask_to_extend", reason=WHY)
    before = exits.of_case(key, "statutory_due_at")
    exits.act(GOVERNMENT, key, "extend", reason=WHY)
    assert exits.of_case(key, "statutory_due_at") > before
    checked(exits, key)

    other = exits.accepted("2026-09-18 10:00")
    exits.act(HEAD, other, "propose_extension", reason=WHY)
    exits.act(exits.applicant, other, "decline_extension")
    assert "不同意延期" in refused(exits, HEAD, other, "ask_to_extend", reason=WHY)
    assert "只能办理一次" in refused(exits, HEAD, other, "propose_extension", reason=WHY)


def test_another_day_of_an_inspection_is_asked_for_once_and_nobody_comes_before_it_is_set(
    exits: Exits,
) -> None:
    key = exits.accepted("2026-09-18 10:00")
    where = {"inspection_time": "morning", "inspection_place": "雁园路 1 号"}
    plan = where | {"second_officer": str(SECOND.id)}
    on = {day: plan | {"inspection_on": f"2026-09-{day}"} for day in (22, 24, 25)}
    found = {"inspected_on": "2026-09-22", "findings": "符合要求"}
    ask = (exits.applicant, key, "ask_for_another_day", "visit")

    assert "存在的日期" in refused(exits, FOOD, key, "schedule", "visit", inputs=plan)
    exits.act(FOOD, key, "schedule", "visit", inputs=on[22])
    assert "没有等待答复" in refused(
        exits, FOOD, key, "confirm_another_day", "visit", inputs=on[24]
    )
    exits.act(*ask, reason="那天不在家。", inputs={"days_that_suit": "24 日以后"})
    for trigger, inputs in (("reschedule", on[24]), ("record_met", found)):
        words = refused(exits, FOOD, key, trigger, "visit", inputs=inputs, reason=WHY)
        assert "“申请改期”还没有答复" in words
    exits.act(FOOD, key, "confirm_another_day", "visit", inputs=on[24])
    assert exits.documents(key)[-2:] == ["inspection_appointment"] * 2
    assert exits.last(key, "confirm_another_day")["body"]["inspection_on"] == "2026-09-24"
    assert "没有等待答复" in refused(exits, *ask, reason=WHY)  # once

    exits.act(FOOD, key, "reschedule", "visit", inputs=on[25], reason="车辆检修。")
    exits.set("2026-09-25 08:00")
    assert "已经到了" in refused(exits, *ask, reason=WHY)
    exits.act(FOOD, key, "record_met", "visit", inputs=found)
    exits.act(SECOND, key, "countersign", "visit")
    checked(exits, key)
