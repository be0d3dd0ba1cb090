"""The walk through any one-thing: which step leads on, what is typed, and what is played."""

from datetime import date

import pytest

from catalog import answers, demonstrations, registry
from catalog.schema import Field, FieldKind, ProcessDefinition
from commands.walk import inputs, ways
from commands.walk.papers import promised
from core.errors import NotFoundError
from core.text import Text
from workflows.process import Handler, StateKind

THINGS = tuple(registry.catalogue().things)
PROCESSES = tuple(registry.catalogue().processes.values())
ON = date(2026, 9, 18)


def process(code: str) -> ProcessDefinition:
    return registry.catalogue().processes[code]


def field(**more: object) -> Field:
    label = Text(zh="问题", en="Question")
    return Field.model_validate({"code": "question", "kind": "text", "label": label, **more})


@pytest.mark.parametrize("known", PROCESSES, ids=lambda each: str(each.code))
def test_from_every_state_in_somebodys_queue_a_step_leads_on_to_a_good_end(
    known: ProcessDefinition,
) -> None:
    way = ways.way(known)

    assert known.initial in way.distances
    for state in known.states:
        if state.handler is Handler.DEPARTMENT and state.kind is StateKind.OPEN:
            offered = [row.trigger for row in known.from_state(state.code) if not row.by_itself]
            assert way.onward(offered), state.code


@pytest.mark.parametrize(
    ("code", "offered", "first"),
    [
        ("licence", ["request_corrections", "prepare_decision"], "prepare_decision"),
        ("licence", ["refuse", "send_back", "approve"], "approve"),
        ("commitment", ["decline_commitment", "decide_on_commitment"], "decide_on_commitment"),
        ("commitment", ["order_to_rectify", "verify"], "verify"),
        ("joint_inspection", ["record_unmet", "record_met"], "record_met"),
        (
            "case_licensing",
            ["ask_for_corrections", "accept_with_tolerance"],
            "accept_with_tolerance",
        ),
        ("filing", ["pre_review"], "pre_review"),
    ],
)
def test_of_the_steps_offered_the_one_nearest_to_a_good_end_comes_first(
    code: str, offered: list[str], first: str
) -> None:
    assert ways.way(process(code)).onward(offered)[0] == first


@pytest.mark.parametrize("offered", [["refuse"], ["nothing_known"], []])
def test_what_only_leads_away_is_not_taken(offered: list[str]) -> None:
    assert ways.way(process("licence")).onward(offered) == []


def test_a_question_is_answered_by_its_kind_unless_something_else_was_said() -> None:
    day = field(code="day", kind="date")
    words = field(code="words", kind="long_text", minimum=12, maximum=14)
    choice = {"value": "b", "label": Text(zh="乙", en="B")}
    pick = field(code="pick", kind="choice", options=[choice])
    asked = (day, words, pick, field(code="number", kind="integer", minimum=3))

    found = dict(inputs.typed((*asked, field(code="left", required=False)), {"day": "2026-09-18"}))

    assert found["day"] == "2026-09-18"
    assert 12 <= len(found["words"]) <= 14
    assert (found["pick"], found["number"]) == ("b", "3")
    assert "left" not in found
    assert set(FieldKind) >= {each.kind for each in asked}


@pytest.mark.parametrize("code", THINGS)
def test_each_one_thing_has_a_play_whose_answers_keep_every_rule(code: str) -> None:
    thing = registry.catalogue().thing(code)
    played = demonstrations.played(code, on=ON, suffix=4321)
    reading = answers.read(thing, played.answers, on=ON)
    district = registry.catalogue().district("620102-gx")

    assert reading.problems == ()
    assert answers.check_rules(thing, reading.answers, on=ON, district=district) == ()
    assert set(played.answers) <= set(reading.answers)
    for detour in played.detours:
        triggers = {row.trigger for row in process(thing.item(detour.item).process).transitions}
        assert detour.trigger in triggers
    assert "4321" in str(played.answers)


def test_two_plays_share_nobody() -> None:
    first, second = (
        demonstrations.typed("open_restaurant", on=ON, suffix=suffix)["business"]
        for suffix in (1, 2)
    )

    assert first["credit_code"] != second["credit_code"]
    assert first["name"] != second["name"]


def test_a_paper_is_promised_only_where_the_answers_say_so() -> None:
    thing = registry.catalogue().thing("open_restaurant")
    typed = demonstrations.typed("open_restaurant", on=ON)

    assert promised(thing, typed) == {"safety_rules"}
    typed["later"] = {"rules_later": "no", "certificate_later": "no"}
    assert promised(thing, typed) == set()


def test_a_one_thing_that_is_not_there_has_no_play() -> None:
    with pytest.raises(NotFoundError):
        demonstrations.demonstration("nothing")
