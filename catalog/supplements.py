"""What is missing before acceptance: how registration and licensing ask for it, by law and words.

Registration sends the form back with one full list, and no clock runs (implementing rules of the
registration regulations, article 18). Licensing asks once and in full, the clock stands still
meanwhile, and silence accepts the application (Administrative Licensing Law, article 32).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from catalog.source import Place
from core.text import Text
from workflows.case import CaseState
from workflows.process import ClockEffect, Effect, PauseCause, Process, State


class SupplementMode(StrEnum):
    """How a one-thing deals with what is missing before it is accepted."""

    RETURN_AND_RESUBMIT = "return_and_resubmit"
    PAUSE_AND_ACCEPT_LATER = "pause_and_accept_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """What people are told of a mode."""

    guide: Text
    """In the public guide, beside the papers."""
    until: Text
    """To the applicant who was asked, beside the last day."""
    late: Text
    """To the applicant once that day has passed."""


WORDS: Mapping[SupplementMode, Supplement] = {
    SupplementMode.RETURN_AND_RESUBMIT: Supplement(
        guide=Text(
            zh="材料不齐全或者不符合法定形式的，登记机关一次告知全部内容，把申请退回给您修改；"
            "改好后重新提交，填过的内容不用再填。退回期间不计时。",
            en="If something is missing or not in the form that the law asks for, it comes back to "
            "you with one full list. You change it and send it again without typing the rest anew; "
            "no clock runs meanwhile.",
        ),
        until=Text(
            zh="改好并重新提交以后，办理机关接着审核；在那以前不计时。",
            en="Once it is sent again the office goes on with it; until then no clock runs.",
        ),
        late=Text(
            zh="期限已过，但仍然可以改好提交，提交以后照常审核。"
            "请尽快办理；如果不想办了，可以撤回申请。",
            en="The day has passed, but you can still make the changes and send it; it will be "
            "examined as usual. Please do it soon. If you no longer want it, you can withdraw the "
            "application.",
        ),
    ),
    SupplementMode.PAUSE_AND_ACCEPT_LATER: Supplement(
        guide=Text(
            zh="材料不齐全或者不符合法定形式的，办理机关在五个工作日内一次告知需要补正的全部内容；"
            "逾期没有告知的，自收到材料之日起即为受理。补正期间不计入办理时限，"
            "到期没有补正的，视为放弃申请。",
            en="If something is missing or not in the form that the law asks for, the office tells "
            "you once and in full within five working days; if it does not, the application is "
            "accepted from the day its papers arrived. The time for corrections is not counted. "
            "If they do not come by the day named, the application counts as given up.",
        ),
        until=Text(
            zh="补正期间不计入办理时限。过了这一天没有提交的，视为放弃申请。",
            en="The time for corrections is not counted. If nothing is sent by that day, the "
            "application counts as given up.",
        ),
        late=Text(
            zh="期限已过，这一件将视为放弃申请。有正当理由的，可以请办理机关恢复办理。",
            en="The day has passed, and the application will count as given up. If you have good "
            "reason, ask the office to reopen it.",
        ),
    ),
}

NO_REQUEST = Text(
    zh="办件流程 {process} 没有一次告知缺什么的一步（ask_to_mend）。",
    en="The case process {process} has no step that asks for what is missing (ask_to_mend).",
)
NOT_PAUSED = Text(
    zh="许可类要求补正时停止计时（许可法 32、45）：流程 {process} 的状态“{state}”应写 "
    "clock: paused、pause: correction 和期限（limit），到期另有一步（at_limit）。",
    en='Licensing stops the clock while it asks for corrections: "{state}" of {process} needs '
    "clock: paused, pause: correction, a limit, and a step at_limit.",
)
NOT_DEEMED = Text(
    zh="许可类逾期不告知的视为受理（许可法 32）：流程 {process} 的状态“{state}”缺少到期视为受理的"
    "一步（at_limit，deem_accepted）。",
    en='In licensing silence accepts the application: "{state}" of {process} lacks a step at_limit '
    "with the effect deem_accepted.",
)
HAS_CLOCK = Text(
    zh="登记类退回修改，不计时，也不因到期失效："
    "流程 {process} 的状态“{state}”不能有计时或者到期动作。",
    en='Registration returns the form without a clock and without an end by silence: "{state}" of '
    "{process} can have neither a clock nor a step at_limit.",
)
IS_DEEMED = Text(
    zh="登记类没有视为受理：请从流程 {process} 去掉 deem_accepted，"
    "或者改用 pause_and_accept_later。",
    en="Registration knows no acceptance by silence: take deem_accepted out of {process}, or use "
    "pause_and_accept_later.",
)


def supplement_mistakes(mode: SupplementMode, process: Process) -> Iterator[tuple[Place, Text]]:
    """Everything in which a case process does other than the mode of its one-thing says."""
    place: Place = ("supplement_mode",)
    asking = [row for row in process.transitions if Effect.ASK_TO_MEND in row.effects]
    known = {state.code: state for state in process.states}
    waiting = {row.destination for row in asking} & set(known)
    if not waiting:
        yield place, NO_REQUEST.format(process=process.code)
    is_pausing = mode is SupplementMode.PAUSE_AND_ACCEPT_LATER
    fits, words = (_stands_still, NOT_PAUSED) if is_pausing else (_has_no_clock, HAS_CLOCK)
    for code in sorted(waiting):
        if not fits(process, known[code]):
            yield place, words.format(process=process.code, state=code)
    if is_pausing and not _accepts_by_silence(process):
        yield place, NOT_DEEMED.format(process=process.code, state=CaseState.SUBMITTED.value)
    if not is_pausing and any(Effect.DEEM_ACCEPTED in row.effects for row in process.transitions):
        yield place, IS_DEEMED.format(process=process.code)


def _stands_still(process: Process, state: State) -> bool:
    is_paused = state.clock is ClockEffect.PAUSED and state.pause is PauseCause.CORRECTION
    ends = any(row.at_limit for row in process.from_state(state.code))
    return is_paused and state.limit is not None and ends


def _has_no_clock(process: Process, state: State) -> bool:
    ends = any(row.at_limit for row in process.from_state(state.code))
    return state.clock is ClockEffect.STOPPED and not ends


def _accepts_by_silence(process: Process) -> bool:
    rows = process.from_state(CaseState.SUBMITTED.value)
    return any(row.at_limit and Effect.DEEM_ACCEPTED in row.effects for row in rows)
