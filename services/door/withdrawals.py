"""Withdrawals and lapses of a whole case: asked for, answered, and what ends it."""

from core.errors import TransitionRefusedError
from core.text import Text
from services.door.changes import EventDraft
from services.door.decision import Decision
from workflows.case import EndAct

ASKED_ALREADY = Text(
    zh="您已经申请撤回，正在等待确认。", en="You have asked to withdraw; it is being looked at."
)


def ask_to_withdraw(decision: Decision, _event: EventDraft) -> None:
    """Note the wish; the accepting office confirms or declines it (受理后撤回须经确认).

    Raises `TransitionRefusedError` while an earlier wish waits for its answer.
    """
    if decision.case["withdrawal_asked_at"] is not None:
        raise TransitionRefusedError(ASKED_ALREADY)
    decision.changes.case["withdrawal_asked_at"] = decision.at


def answer_withdrawal(decision: Decision, _event: EventDraft) -> None:
    """The wish waits no more, whatever the answer."""
    decision.changes.case["withdrawal_asked_at"] = None


def end_by_withdrawal(decision: Decision, _event: EventDraft) -> None:
    """Note that the applicant ended the case; settling cancels what can still be cancelled."""
    decision.changes.case["end_act"] = EndAct.WITHDRAWAL.value


def end_by_lapse(decision: Decision, _event: EventDraft) -> None:
    """Note that the case ended because its applicant was silent too long."""
    decision.changes.case["end_act"] = EndAct.LAPSE.value
