"""Extensions (延期): once only, by what the item's definition says, with consent where it asks."""

from collections.abc import Sequence

from catalog.schema import Item
from core.text import Text
from services.door.changes import EventDraft
from services.door.clocks import extend
from services.door.decision import Decision
from services.door.snapshot import TaskRow
from workflows.order import Taken
from workflows.process import Effect, Transition

AGREE = "agree_to_extension"
DECLINE = "decline_extension"
"""The applicant's answers; a process with ``ask_consent`` has both."""
PROPOSE = "propose_extension"

NO_EXTENSION = Text(
    zh="这一项的期限依法不能延长。", en="The law knows no extension of this item's limit."
)
NO_CONSENT_NEEDED = Text(
    zh="这一项延期不需要申请人同意，由负责人直接决定。",
    en="An extension of this item needs no consent; the head of the office decides.",
)
NOT_ASKED = Text(
    zh="这一项延期要先征得申请人同意。请先征求同意。",
    en="An extension of this item needs the applicant's consent. Ask for it first.",
)
NOT_ANSWERED = Text(
    zh="申请人还没有答复是否同意延期。", en="The applicant has not answered yet whether they agree."
)
DECLINED = Text(
    zh="申请人不同意延期，期限不能延长。",
    en="The applicant does not agree, so the limit cannot be extended.",
)
NEVER = frozenset({NO_EXTENSION, NO_CONSENT_NEEDED})
"""Why a step about an extension is not for this item at all."""


def is_about(row: Transition) -> bool:
    """True for a step that extends a limit, or asks for the consent to it."""
    return Effect.EXTEND_LIMIT in row.effects or Effect.ASK_CONSENT in row.effects


def refusal(row: Transition, item: Item | None, taken: Sequence[Taken]) -> Text | None:
    """Why a step about an extension may not be taken; None if it may, or is about none."""
    if not is_about(row):
        return None
    extension = item.extension if item else None
    if extension is None:
        return NO_EXTENSION
    if Effect.ASK_CONSENT in row.effects:
        return None if extension.needs_consent else NO_CONSENT_NEEDED
    if not extension.needs_consent:
        return None
    answers = [each.trigger for each in taken if each.trigger in {PROPOSE, AGREE, DECLINE}]
    return (
        {AGREE: None, DECLINE: DECLINED, PROPOSE: NOT_ANSWERED}[answers[-1]]
        if answers
        else (NOT_ASKED)
    )


def extend_limit(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Let both limits of the task grow by what its definition says; the event names the law."""
    extension = decision.definition.thing.item(task.item_code).extension
    if extension is not None:  # a step without one was refused before
        extend(decision, event, task, extension.amount)
