"""The fold from a chain's steps to a clock: what a definition's states say, and nothing else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflows.clock_folds import Step, case_clock, task_clock
from workflows.clocks import ClockEvent, ClockEventKind
from workflows.process import ClockEffect

NOON = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
EFFECTS = {
    "waiting": ClockEffect.STOPPED,
    "in_review": ClockEffect.RUNS,
    "checking": ClockEffect.RUNS,
    "special": ClockEffect.PAUSED,
    "done": ClockEffect.STOPPED,
}


def step(state: str, hours: int, item: str | None = "food", **clock: object) -> Step:
    return Step(item_code=item, at=NOON + timedelta(hours=hours), to_state=state, clock=clock)


def kinds(events: tuple[ClockEvent, ...]) -> list[str]:
    return [event.kind.value for event in events]


def test_a_clock_follows_the_states_its_task_went_through() -> None:
    steps = [step("in_review", 0), step("special", 2), step("checking", 5), step("done", 9)]

    assert kinds(task_clock(steps, EFFECTS.__getitem__)) == ["start", "pause", "resume", "stop"]


def test_a_step_between_two_running_states_is_no_event_of_the_clock() -> None:
    steps = [step("in_review", 0), step("checking", 1), step("in_review", 2)]

    assert kinds(task_clock(steps, EFFECTS.__getitem__)) == ["start"]


def test_an_extension_lies_where_it_was_granted() -> None:
    steps = [step("in_review", 0), step("in_review", 3, extend=10), step("done", 4)]

    events = task_clock(steps, EFFECTS.__getitem__)

    assert kinds(events) == ["start", "extend", "stop"]
    assert events[1].extra == 10


def test_a_clock_may_count_from_before_its_first_step() -> None:
    earlier = NOON - timedelta(days=5)
    events = task_clock(
        [step("in_review", 0, **{"from": earlier.isoformat()})], EFFECTS.__getitem__
    )

    assert events == (ClockEvent(kind=ClockEventKind.START, at=earlier),)


def test_a_reopened_task_begins_its_clock_anew() -> None:
    steps = [step("in_review", 0), step("done", 3), step("in_review", 50)]

    events = task_clock(steps, EFFECTS.__getitem__)

    assert kinds(events) == ["start"]
    assert events[0].at == NOON + timedelta(hours=50)


def test_a_clock_that_never_started_has_no_events() -> None:
    assert task_clock([step("waiting", 0), step("done", 1)], EFFECTS.__getitem__) == ()


@given(st.lists(st.sampled_from(sorted(EFFECTS)), max_size=30))
def test_a_fold_is_always_one_that_a_clock_understands(states: list[str]) -> None:
    events = task_clock([step(state, at) for at, state in enumerate(states)], EFFECTS.__getitem__)
    allowed = {
        None: {"start"},
        "start": {"pause", "stop"},
        "pause": {"resume", "stop"},
        "resume": {"pause", "stop"},
        "stop": set[str](),
    }
    before: str | None = None
    for kind in kinds(events):
        assert kind in allowed[before]
        before = kind
    if events:
        present = EFFECTS[states[-1]]
        assert (present is ClockEffect.STOPPED) == (events[-1].kind is ClockEventKind.STOP)


def whole(steps: list[Step]) -> list[str]:
    return kinds(case_clock(steps, lambda _item, code: EFFECTS[code], lambda code: code == "on"))


def test_the_whole_stands_still_only_while_no_part_runs_and_one_is_paused() -> None:
    steps = [
        step("on", 0, None),
        step("in_review", 0, "food"),
        step("in_review", 0, "fire"),
        step("special", 2, "food"),
        step("special", 4, "fire"),
        step("in_review", 6, "fire"),
        step("done", 7, "fire"),
        step("in_review", 8, "food"),
        step("done", 9, "food"),
        step("over", 9, None),
    ]

    assert whole(steps) == ["start", "pause", "resume", "pause", "resume", "stop"]


def test_the_whole_runs_while_its_parts_wait_for_each_other() -> None:
    assert whole([step("on", 0, None), step("waiting", 0, "food")]) == ["start"]


def test_only_the_extension_of_the_whole_extends_the_whole() -> None:
    steps = [
        step("on", 0, None),
        step("in_review", 0, "food"),
        step("in_review", 2, "food", extend=10),
        step("on", 3, None, extend=15),
    ]

    assert whole(steps) == ["start", "extend"]
