"""Repair verbs (修复): what operators may do to a case that is stuck, and when. One table.

Door and pages ask the same functions, so that no button is offered in vain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.text import Text
from workflows.case import CaseState
from workflows.engine import NOT_REQUIRED, Engine
from workflows.process import (
    CANCEL_CASE,
    RETRY_CASE,
    REWIND_PART,
    SKIP_PART,
    ClockEffect,
    Handler,
    State,
    StateKind,
    Transition,
)

ALIVE = frozenset({StateKind.WAITING, StateKind.OPEN})


class Verb(StrEnum):
    """What can be asked for."""

    RETRY = "retry"
    SKIP = "skip"
    REWIND = "rewind"
    CANCEL = "cancel"


class RepairState(StrEnum):
    """How far a repair has come."""

    WAITING = "waiting"  # for the second person
    CARRIED_OUT = "carried_out"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One row of the table."""

    verb: Verb
    trigger: str
    """What its event is called."""
    title: Text
    means: Text
    """What it does, for whoever is about to ask for it or to confirm it."""
    of_part: bool
    """It is done to one part, not to the case as a whole."""
    needs_second: bool
    """Another person confirms it, and it needs a reason in words."""
    notice: Text | None = None
    """What the applicant is told; of a retry nothing, it changes no case."""


REPAIRS: Final = (
    Repair(
        verb=Verb.RETRY,
        trigger=RETRY_CASE,
        title=Text(zh="重试", en="Retry"),
        means=Text(
            zh="让本来应该自动发生的事现在发生：释放、到期处理、按规则评估、补回队列、补发通知。"
            "已经作出的决定不变；没有可做的，就什么也不变。",
            en="What should have followed by itself follows now: releases, limits that ran out, "
            "rules, queue entries and notices that are missing. Nothing that was decided changes; "
            "if there is nothing to do, nothing happens.",
        ),
        of_part=False,
        needs_second=False,
    ),
    Repair(
        verb=Verb.SKIP,
        trigger=SKIP_PART,
        title=Text(zh="跳过这一部分", en="Skip this part"),
        means=Text(
            zh="这一部分确实无法办理，取消。需要它的其他部分一并取消，不需要它的照常办理。",
            en="This part cannot be done and is cancelled. Parts that need it are cancelled with "
            "it; all others go on.",
        ),
        of_part=True,
        needs_second=True,
        notice=Text(
            zh="这一部分无法办理，已经取消。其他部分照常办理。请打开办件查看。",
            en="this part cannot be done and was cancelled. The other parts go on. Open the case "
            "to see.",
        ),
    ),
    Repair(
        verb=Verb.REWIND,
        trigger=REWIND_PART,
        title=Text(zh="退回到以前的状态", en="Rewind to an earlier state"),
        means=Text(
            zh="这一部分回到它经过的一个状态，从那里重新办理。此后出的结果不再有效，"
            "此后的入账用反向分录冲回；等它而还没有动手的部分重新等待。时限接着原来的算。",
            en="This part goes back to a state that it has been in and is handled again from "
            "there. Results issued since then hold no more, what was posted since is reversed, "
            "and parts that rest on it and were not begun wait again. Its time goes on counting.",
        ),
        of_part=True,
        needs_second=True,
        notice=Text(
            zh="这一部分因平台更正重新办理，此前出的结果（如有）不再有效，您不用重新提交。",
            en="a mistake is being put right and this part is handled again. Results issued for it "
            "before, if any, hold no more. You need not send anything again.",
        ),
    ),
    Repair(
        verb=Verb.CANCEL,
        trigger=CANCEL_CASE,
        title=Text(zh="终止整个办件", en="Cancel the whole case"),
        means=Text(
            zh="整个办件终止。没有办好的部分取消，已经办好的仍然有效。申请人会收到通知，看到这里写的理由。",
            en="The whole case ends. What is not finished is cancelled; what is done stays valid. "
            "The applicant is told, and reads the reason given here.",
        ),
        of_part=False,
        needs_second=True,
        notice=Text(
            zh="您这一件已由平台终止办理：还没有办好的部分已经取消，已经办好的仍然有效。"
            "请打开办件看原因和您可以怎么办。",
            en="The service has ended this case. The parts that were not finished are cancelled; "
            "what is done stays valid. Open the case to read why and what you can do.",
        ),
    ),
)
BY_VERB: Final[Mapping[Verb, Repair]] = {each.verb: each for each in REPAIRS}
BY_TRIGGER: Final[Mapping[str, Repair]] = {each.trigger: each for each in REPAIRS}

REASONS: Final[Mapping[str, Text]] = {
    "technical_failure": Text(zh="系统故障", en="Technical failure"),
    "operating_mistake": Text(zh="操作失误", en="A mistake in handling it"),
    "outside_party": Text(
        zh="外部系统或者单位的原因", en="Another system or organisation cannot do it"
    ),
    "duplicate": Text(zh="重复的办件", en="The same was applied for twice"),
    "other": Text(zh="其他", en="Something else"),
}

NO_DRAFT = Text(
    zh="这一件还没有提交，没有可以修复的。", en="This was never sent; there is nothing to repair."
)
HAS_ENDED = Text(
    zh="整个办件已经撤回、失效或者终止，不能再修复其中的部分。",
    en="The whole case was withdrawn, has lapsed or was cancelled; its parts cannot be repaired.",
)
PART_HAS_ENDED = Text(
    zh="这一部分已经结束，不能跳过。", en="This part has ended and cannot be skipped."
)
NO_WAY_BACK = Text(
    zh="这一部分没有可以退回的状态。", en="This part has been in no state that it could go back to."
)
NO_END = Text(
    zh="这一件不能终止：它已经结束，或者它的流程没有这个状态。",
    en="This case cannot be cancelled: it has ended, or its process has no such state.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a case stands, as repairs see it."""

    case_state: str
    end_act: str | None
    engine: Engine
    """The machine of the case itself."""


def bar_of_case(verb: Verb, standing: Standing) -> Text | None:
    """Why a repair of the whole case is not possible now; None if it is."""
    if standing.case_state == CaseState.DRAFT:
        return NO_DRAFT
    if verb is Verb.CANCEL and cancel_row(standing) is None:
        return NO_END
    return None


def bar_of_part(verb: Verb, standing: Standing, engine: Engine, been: Sequence[str]) -> Text | None:
    """Why a repair of one part is not possible now; ``been`` are its states, the present last."""
    if standing.end_act is not None:
        return HAS_ENDED
    if verb is Verb.SKIP:
        is_alive = engine.state(been[-1]).kind in ALIVE
        return None if is_alive and skip_state(engine) else PART_HAS_ENDED
    return None if ways_back(engine, been) else NO_WAY_BACK


def cancel_row(standing: Standing) -> Transition | None:
    """The step by which the engine ends a case in its state; None if there is none."""
    known = {state.code for state in standing.engine.process.states}
    if standing.end_act is not None or CaseState.CANCELLED not in known:
        return None
    rows = standing.engine.automatic(standing.case_state, to=CaseState.CANCELLED)
    return rows[0] if rows else None


def skip_state(engine: Engine) -> str | None:
    """Where a part goes that is skipped: cancelled, never "not required".

    Whether a part is required is for the answers and the law to say; what waits for a part that
    was skipped can therefore not be granted as if it had been.
    """
    void = [
        state.code
        for state in engine.process.states
        if state.kind is StateKind.VOID and state.code != NOT_REQUIRED
    ]
    own = [
        row.destination
        for row in engine.process.transitions
        if row.automatic and row.destination in void
    ]
    return next(iter((*own, *void)), None)


def ways_back(engine: Engine, been: Sequence[str]) -> tuple[str, ...]:
    """The earlier states to which a part may be rewound, the nearest first.

    ``been`` are all its states in the order of its chain. Whoever comes to a state again has gone
    back to it: what lay between is no longer behind.
    """
    path: list[str] = []
    for code in been:
        del path[path.index(code) if code in path else len(path) :]
        path.append(code)
    if path[-1] == NOT_REQUIRED:
        return ()  # the answers do not call for it: no repair makes it wanted
    return tuple(code for code in reversed(path[:-1]) if _may_be_entered(engine, code))


def _may_be_entered(engine: Engine, code: str) -> bool:
    """True for a state that can be handled from, though no step led into it.

    None in which something stands ended; none that lives by what the step into it says (a pause's
    cause, a day, a list of places); none in which a decision rests on what others prepared.
    """
    state: State = engine.state(code)
    says = state.limit is not None and state.limit.input is not None
    rests = any(row.different_officer for row in engine.rows(code))
    return (
        state.kind in ALIVE
        and state.handler is not Handler.APPLICANT
        and state.clock is not ClockEffect.PAUSED
        and not (says or rests or state.opens_form)
    )
