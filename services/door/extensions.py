"""Extensions (延期): once only, by what the item's definition says, with consent where it asks."""

from collections.abc import Sequence

from catalog.schema import Item, OneThing
from core.errors import TransitionRefusedError
from core.text import Text
from services.door.changes import EventDraft
from services.door.clocks import extend
from services.door.decision import Decision
from services.door.snapshot import TaskRow
from workflows.order import Taken
from workflows.process import Consent, Effect, Process, Transition

NO_EXTENSION = Text(zh="这里的期限依法不能延长。", en="The law knows no extension of this limit.")
EXTENDED_ALREADY = Text(
    zh="期限已经延长过一次，不能再延长。", en="The limit was extended once and cannot be again."
)
RUN_OUT = Text(
    zh="期限已经届满，不能再延长。请尽快办理，并说明超期原因。",
    en="The limit has run out and cannot be extended any more. Finish this soon and say why it "
    "is late.",
)
ASKED_ALREADY = Text(
    zh="已经请示延长，正在等待批复。", en="An extension was asked for; its answer is awaited."
)
NO_CONSENT_NEEDED = Text(
    zh="这里的延期不需要申请人同意，可以直接决定。",
    en="This extension needs no consent of the applicant and may be decided as it is.",
)
NOT_ASKED = Text(
    zh="这里的延期要先征得申请人同意。请先征求同意。",
    en="This extension needs the applicant's consent. Ask for it first.",
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
    """True for a step that extends a limit, or asks for it or for the consent to it."""
    about = {Effect.EXTEND_LIMIT, Effect.ASK_CONSENT, Effect.ASK_TO_EXTEND}
    return bool(about & set(row.effects))


def is_too_late(row: Transition, decision: Decision, task: TaskRow | None) -> bool:
    """True once the limit to be extended has run out (Administrative Licensing Law 42).

    A request that was made in time may be answered later.
    """
    wants = {Effect.ASK_TO_EXTEND, *([Effect.EXTEND_LIMIT] if task else [])}
    if not wants & set(row.effects):
        return False
    ends = (
        task.statutory_due_at or task.due_at
        if task
        else decision.column("statutory_due_at") or decision.column("due_at")
    )
    return ends is not None and ends < decision.at


def was_extended(process: Process, taken: Sequence[Taken]) -> bool:
    """True if the limit was extended already, as it may be once only."""
    done = {each.trigger for each in taken}
    return any(
        row.trigger in done for row in process.transitions if Effect.EXTEND_LIMIT in row.effects
    )


def refusal(
    process: Process, row: Transition, item: Item | OneThing | None, taken: Sequence[Taken]
) -> Text | None:
    """Why a step about an extension may not be taken; None if it may, or is about none.

    ``process`` says which steps ask for the applicant's consent and which answer. For a step of
    the case itself ``item`` is its one-thing.
    """
    if not is_about(row):
        return None
    extension = item.extension if item else None
    if extension is None:
        return NO_EXTENSION
    if Effect.ASK_CONSENT in row.effects:
        return None if extension.needs_consent else NO_CONSENT_NEEDED
    if not extension.needs_consent:
        return None
    return _without_consent(process, taken)


def _without_consent(process: Process, taken: Sequence[Taken]) -> Text | None:
    """Why the applicant's consent is not there; None if the last answer gives it."""
    asks = {each.trigger for each in process.transitions if Effect.ASK_CONSENT in each.effects}
    answers = {each.trigger: each.consent for each in process.transitions if each.consent}
    said = [each.trigger for each in taken if each.trigger in asks or each.trigger in answers]
    if not said:
        return NOT_ASKED
    if said[-1] in asks:
        return NOT_ANSWERED
    return None if answers[said[-1]] is Consent.GIVEN else DECLINED


def extend_limit(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Let both limits of the task grow by what its definition says; the event names the law."""
    extension = decision.definition.thing.item(task.item_code).extension
    if extension is not None:  # a step without one was refused before
        extend(decision, event, task, extension.amount)


def extend_case(decision: Decision, event: EventDraft) -> None:
    """Let the limits of the whole case grow by what its one-thing says, and answer the request."""
    extension = decision.definition.thing.extension
    answer_extension(decision, event)
    if extension is not None:  # a step without one was refused before
        extend(decision, event, None, extension.amount)


def ask_to_extend(decision: Decision, _event: EventDraft) -> None:
    """Note the request of the accepting office; the head of the government answers it.

    Raises `TransitionRefusedError` while an earlier one waits for its answer.
    """
    if decision.case["extension_asked_at"] is not None:
        raise TransitionRefusedError(ASKED_ALREADY)
    decision.changes.case["extension_asked_at"] = decision.at


def answer_extension(decision: Decision, _event: EventDraft) -> None:
    """The request waits no more, whatever the answer."""
    decision.changes.case["extension_asked_at"] = None
