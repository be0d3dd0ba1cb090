"""Steps that are taken once, and steps that answer another: by hand and for any order of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import registry, working_days
from workflows.order import Taken, halted, refusal, unanswered
from workflows.process import Process, Transition

CALENDAR = working_days.calendar()
FRIDAY = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)


def licence() -> Process:
    return registry.catalogue().processes["licence"]


def row(trigger: str, source: str = "in_review") -> Transition:
    return next(
        each
        for each in licence().from_state(source)
        if each.trigger == trigger and source in each.sources
    )


def refused(trigger: str, *taken: str, after: timedelta = timedelta(hours=1)) -> str | None:
    """Why a step is refused that long after the last of some others, taken an hour apart."""
    steps = [
        Taken(trigger=name, at=when, served_at=when)
        for number, name in enumerate(taken)
        for when in [FRIDAY + number * timedelta(hours=1)]
    ]
    last = steps[-1].at if steps else FRIDAY
    found = refusal(licence(), row(trigger), steps, CALENDAR, last + after)
    return found.zh if found else None


@pytest.mark.parametrize(
    ("trigger", "taken", "words"),
    [
        ("extend", (), None),
        ("extend", ("extend",), "“批准延期”只能办理一次，已经在 2026-09-18 10:00 办理过。"),
        ("extend", ("extend", "prepare_decision", "send_back"), "只能办理一次"),
        ("ask_for_hearing", (), "没有等待答复的“告知听证权利”。"),
        ("ask_for_hearing", ("tell_hearing_right",), None),
        ("ask_for_hearing", ("tell_hearing_right", "ask_for_hearing"), "没有等待答复"),
        ("decline_hearing", ("tell_hearing_right",), "没有等待答复的“要求听证”。"),
        ("decline_hearing", ("tell_hearing_right", "ask_for_hearing"), None),
        ("decline_hearing", ("ask_for_hearing", "order_hearing", "close_hearing"), "没有等待答复"),
        ("order_hearing", (), None),
        ("order_hearing", ("ask_for_hearing",), None),
        ("agree_to_extension", ("propose_extension", "decline_extension"), "没有等待答复"),
    ],
)
def test_what_may_follow_what(trigger: str, taken: tuple[str, ...], words: str | None) -> None:
    found = refused(trigger, *taken)
    assert (found is None) if words is None else (found is not None and words in found)


def test_a_hearing_may_be_asked_for_until_the_fifth_working_day_ends() -> None:
    """Told on Friday the 18th; Sunday the 20th is worked, so the fifth day is Thursday."""
    last = datetime(2026, 9, 24, 10, 0, tzinfo=UTC)  # 18:00 in Beijing
    on_time = refused("ask_for_hearing", "tell_hearing_right", after=last - FRIDAY)
    too_late = refused(
        "ask_for_hearing", "tell_hearing_right", after=last - FRIDAY + timedelta(minutes=1)
    )
    assert on_time is None
    assert too_late == "期限已过：应在 2026-09-24 18:00 以前办理。"


@given(st.lists(st.sampled_from(("tell_hearing_right", "ask_for_hearing", "prepare_decision"))))
def test_a_question_waits_until_its_first_answer_and_never_longer(names: list[str]) -> None:
    taken = [Taken(trigger=name, at=FRIDAY) for name in names]
    follows = row("ask_for_hearing").follows
    assert follows is not None
    waits = False
    for name in names:
        waits = name == "tell_hearing_right" or (waits and name != "ask_for_hearing")
    assert (unanswered(licence(), follows, taken) is not None) is waits


HEARING = ("tell_hearing_right", "ask_for_hearing", "waive_hearing", "decline_hearing")


@given(st.lists(st.sampled_from(HEARING), max_size=6), st.integers(0, 9 * 24), st.booleans())
def test_no_decision_is_prepared_while_a_right_runs_or_a_request_waits(
    names: list[str], hours: int, is_served: bool
) -> None:
    taken = [
        Taken(trigger=name, at=FRIDAY, served_at=FRIDAY if is_served else None) for name in names
    ]
    at = FRIDAY + timedelta(hours=hours)
    found = halted(licence(), row("prepare_decision"), taken, CALENDAR, at)
    about_the_right = [name for name in names if name != "decline_hearing"]
    about_the_wish = [name for name in names if name in {"ask_for_hearing", "decline_hearing"}]
    has_time = not is_served or at <= datetime(2026, 9, 24, 10, 0, tzinfo=UTC)
    may_ask = about_the_right[-1:] == ["tell_hearing_right"] and has_time
    assert (found is not None) is (may_ask or about_the_wish[-1:] == ["ask_for_hearing"])
