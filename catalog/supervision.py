"""Supervision as data: reasons for being overdue, how long to answer a card, what is proposed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import Field as Bounded

from catalog.limits import LimitDefinition
from catalog.schema import ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.colours import Colour
from workflows.process import CARD_PROCESS, ISSUE_CARD, Code, Frozen

Found = Iterator[tuple[Place, Text]]


class CardKind(StrEnum):
    """Which card: a warning, or the grave one."""

    YELLOW = "yellow"
    RED = "red"


class DelayReason(Frozen):
    """Why something is overdue, as its applicant reads it (优化营商环境条例 36)."""

    code: Code
    title: Text
    excuses: bool = False
    """Nobody of the desk is to blame: no card is proposed then."""
    text_required: bool = False
    """It says too little by itself; words must come with it."""


class Proposal(Frozen):
    """A card that the board proposes by rule; a person alone may issue it."""

    colour: Colour
    """Of the task."""
    past_statutory: bool = False
    """Only once the law's own limit is over too."""
    card: CardKind
    reason: Code
    """One of the reasons of the card process."""


class SupervisionRules(Frozen):
    """The whole of ``supervision.yaml``."""

    delay_reasons: tuple[DelayReason, ...] = Bounded(min_length=1)
    answer_within: LimitDefinition
    """From the day a card is issued: after it an appeal comes too late."""
    judge_within: LimitDefinition
    """From the day of the appeal; a reminder on the board, nothing ends with it."""
    proposals: tuple[Proposal, ...] = ()
    """The first that fits counts."""

    def delay_reason(self, code: str | None) -> DelayReason | None:
        """The reason called ``code``; None if there is none such, or no longer."""
        return next((reason for reason in self.delay_reasons if reason.code == code), None)

    def proposal(self, colour: Colour, *, past_statutory: bool) -> Proposal | None:
        """What is proposed for a task without a card; None if nothing is."""
        for each in self.proposals:
            if each.colour is colour and (past_statutory or not each.past_statutory):
                return each
        return None


TWICE = Text(zh="理由“{code}”写了两次。", en='The reason "{code}" is written twice.')
NO_PROCESS = Text(
    zh="没有流程“{code}”，督办牌无法办理。", en='There is no process "{code}" for the cards.'
)
UNKNOWN_REASON = Text(
    zh="督办牌流程里没有理由“{code}”。", en='The card process has no reason "{code}".'
)


def supervision_mistakes(
    rules: SupervisionRules, processes: Mapping[str, ProcessDefinition]
) -> Found:
    """Reasons that stand there twice, and proposals whose reason no card can have."""
    counted = Counter(reason.code for reason in rules.delay_reasons)
    for at, reason in enumerate(rules.delay_reasons):
        if counted[reason.code] > 1:
            yield ("delay_reasons", at, "code"), TWICE.format(code=reason.code)
    process = processes.get(CARD_PROCESS)
    if process is None:
        yield ("proposals",), NO_PROCESS.format(code=CARD_PROCESS)
        return
    for at, proposal in enumerate(rules.proposals):
        if process.reason(ISSUE_CARD, proposal.reason) is None:
            yield ("proposals", at, "reason"), UNKNOWN_REASON.format(code=proposal.reason)
