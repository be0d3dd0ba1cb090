"""Who may take a step beside the permission: conflicts of interest, four eyes, whose signature.

Hands are compared, not signatures: whoever acts under another's delegation is still themselves, and
a deputy or delegate of the one who prepared something is another pair of eyes.
"""

from uuid import UUID

from core.clock import CIVIL_ZONE
from core.errors import NotPermittedError
from core.text import Text
from services.door.changes import EventDraft
from services.door.decision import Decision, clock_time
from services.door.snapshot import Prepared
from workflows.engine import Engine
from workflows.permissions import ENGINE_ACTOR, Permission, Place, granting
from workflows.process import Transition

NOT_YOURS = Text(
    zh="您没有办理这一步的权限。",
    en="You are not permitted to do this.",
)
CONFLICTED = Text(
    zh="您已就这个办件申明回避，不能再查看、领取或办理。",
    en="You declared a conflict of interest in this case, so you cannot open, take or handle it.",
)
TO_OTHERS = Text(
    zh="请办理队列中的其他件，这一件由同事办理。",
    en="Go on with other entries of your queue; a colleague handles this one.",
)
OWN_CASE = Text(
    zh="这是您本人申请的办件，应由其他人员办理。",
    en="You applied for this yourself; somebody else must handle it.",
)
PREPARED_BEFORE = Text(
    zh="{name} 于 {at} 办理了“{act}”，参与了这项决定的准备；决定须由没有参与准备的另一位人员作出。",
    en='{name} did "{act}" at {at} and so prepared this decision; somebody who did not must take '
    "it.",
)
IS_AWAY = Text(
    zh="{name} 现在离岗，不能分派新的件。请另选一位。",
    en="{name} is away and gets nothing new. Choose somebody else.",
)
MAY_NOT_HANDLE = Text(
    zh="{name} 已申明回避，或者参与了这项决定的准备，不能办理这一件。请另选一位。",
    en="{name} has a conflict of interest or prepared this decision. Choose somebody else.",
)
OF_APPLICANTS = frozenset(
    {
        Permission.CASE_START,
        Permission.CASE_APPLY,
        Permission.CASE_TAKE,
        Permission.DRAFT_WRITE,
    }
)
"""Rights to ask, not to decide: no conflict keeps anybody from them."""


def permit(decision: Decision, row: Transition, place: Place, item_code: str) -> None:
    """Let the actor through to ``row``, and note under whose delegation, if any.

    ``item_code`` is empty for the case's own steps. Raises `NotPermittedError` with the sentence
    that says why: no such right, a conflict of interest, or one's own preparation.
    """
    grant = granting(decision.actor, row.permission, place, decision.at)
    if grant is None:
        raise NotPermittedError(NOT_YOURS)
    decision.mandate = grant.mandate
    if row.permission in OF_APPLICANTS or decision.actor.id == ENGINE_ACTOR.id:
        return
    check_conflict(decision, decision.actor.id)
    if row.different_officer:
        check_hands(decision, decision.actor.id, item_code)


def check_conflict(decision: Decision, person_id: UUID) -> None:
    """Raises `NotPermittedError` for whoever keeps out of the case, or applied for it."""
    if person_id == decision.case["applicant_id"]:
        raise NotPermittedError(OWN_CASE, advice=TO_OTHERS)
    if in_conflict(decision, person_id):
        raise NotPermittedError(CONFLICTED, advice=TO_OTHERS)


def in_conflict(decision: Decision, person_id: UUID) -> bool:
    """Whether somebody keeps out of the case, by declaration or because it is their own."""
    declared = {row["person_id"] for row in decision.changes.conflicts}
    return (
        person_id in decision.snapshot.conflicts
        or str(person_id) in declared
        or person_id == decision.case["applicant_id"]
    )


def check_hands(decision: Decision, person_id: UUID, item_code: str) -> None:
    """Raises `NotPermittedError`, naming the preparer, for whoever prepared this part."""
    prepared = preparation_of(decision, person_id, item_code)
    if prepared is None:
        return
    engine = _engine(decision, item_code)
    labels = {row.trigger: row.label for row in engine.process.transitions}
    trigger = prepared.trigger
    raise NotPermittedError(
        PREPARED_BEFORE.format(
            name=prepared.name or decision.actor.name,
            at=clock_time(prepared.at),
            act=labels.get(trigger, Text(zh=trigger, en=trigger)),
        ),
        advice=TO_OTHERS,
    )


def has_prepared(decision: Decision, person_id: UUID, item_code: str) -> bool:
    """Whether somebody prepared what is still to be decided, before this command or by it."""
    if any(row["item_code"] == item_code for row in decision.changes.decided):
        return False
    now = {(row["item_code"], row["person_id"]) for row in decision.changes.preparations}
    return (
        preparation_of(decision, person_id, item_code) is not None
        or (item_code, str(person_id)) in now
    )


def preparation_of(decision: Decision, person_id: UUID, item_code: str) -> Prepared | None:
    """The step by which somebody prepared this part before; None if they did not."""
    return next(
        (
            each
            for each in decision.snapshot.preparations
            if each.person_id == person_id and each.item_code == item_code
        ),
        None,
    )


def keep_hands(decision: Decision, event: EventDraft, row: Transition, item_code: str) -> None:
    """Note the hand of a step that prepares a decision, and the decision that takes it up.

    Nothing but a decision by other hands, which brings the matter out of the office, begins anew:
    not a step in between, not a sending back.
    """
    if decision.actor.id == ENGINE_ACTOR.id:
        return
    number = decision.event_number(event)
    state = _engine(decision, item_code).state(row.destination)
    if row.decides(state):
        decision.changes.decided.append({"item_code": item_code, "event_number": number})
    if not row.prepares:
        return
    person_id = str(decision.actor.id)
    event.wrote("preparations", {"item_code": item_code, "person_id": person_id})
    decision.changes.preparations.append(
        {
            "item_code": item_code,
            "person_id": person_id,
            "trigger": row.trigger,
            "event_number": number,
            "prepared_at": decision.at,
        }
    )


def needs_other_hands(decision: Decision, item_code: str, state: str) -> bool:
    """Whether some step from ``state`` must be taken by somebody who did not prepare it."""
    engine = _engine(decision, item_code)
    return any(row.different_officer for row in engine.rows(state))


def hindrance(decision: Decision, item_code: str, person_id: UUID) -> Text | None:
    """Why somebody cannot be given an entry, with a place for their name; None if they can."""
    if is_barred(decision, item_code, person_id):
        return MAY_NOT_HANDLE
    day = decision.at.astimezone(CIVIL_ZONE).date()
    return IS_AWAY if decision.rosters.away([person_id], day) else None


def is_barred(decision: Decision, item_code: str, person_id: UUID) -> bool:
    """Whether somebody keeps out of the case, or prepared what now needs another hand."""
    task = decision.tasks.get(item_code)
    key, state = (item_code, task.state) if task else ("", decision.case_state)
    return in_conflict(decision, person_id) or (
        needs_other_hands(decision, key, state) and has_prepared(decision, person_id, key)
    )


def _engine(decision: Decision, item_code: str) -> Engine:
    if not item_code:
        return decision.definition.case_engine
    return decision.engine(decision.definition.thing.item(item_code))
