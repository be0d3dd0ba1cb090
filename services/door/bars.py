"""What stands in the way of a step although its state and permission allow it."""

from collections.abc import Mapping, Sequence

from catalog.schema import Item, OneThing
from core.errors import TransitionRefusedError
from core.text import Text
from services.door import extensions, tolerance
from services.door.decision import Decision, holds
from services.door.records import Tolerated
from services.door.snapshot import TaskRow
from workflows import order
from workflows.engine import NOT_REQUIRED, Engine
from workflows.process import Effect, StateKind, Transition

NOT_DECIDED_YET = Text(
    zh="要先等“{item}”办好，才能准予这一项；可以先审查。",
    en='"{item}" must be done before this can be granted; you may examine it meanwhile.',
)
NEVER_GRANTED = Text(
    zh="“{item}”没有办成，这一项不能准予。",
    en='"{item}" was not granted, so this cannot be granted either.',
)
PAPER_AWAITED = Text(
    zh="申请人承诺补交的“{paper}”还没有收到，现在不能准予。",
    en='"{paper}", which the applicant promised to bring, is not here yet; it cannot be granted '
    "now.",
)


def check_order(decision: Decision, engine: Engine, row: Transition, item: Item | None) -> None:
    """Raises `TransitionRefusedError` for a step taken once, too late, unasked, or too early."""
    found = None
    waits = order.may_be_halted(engine.process, row.trigger)
    if row.once or row.follows or waits or extensions.is_about(row):
        taken = decision.records.taken(item.code if item else None, engine)
        task = decision.tasks.get(item.code) if item else None
        calendar = decision.calendar(task)
        found = order.refusal(engine.process, row, taken, calendar, decision.at)
        if found is None and waits:
            found = order.halted(engine.process, row, taken, calendar, decision.at)
        found = found or extensions.refusal(
            engine.process, row, item or decision.definition.thing, taken
        )
        if Effect.ASK_TO_EXTEND in row.effects and extensions.was_extended(engine.process, taken):
            found = extensions.EXTENDED_ALREADY
        if found is None and extensions.is_too_late(row, decision, task):
            found = extensions.RUN_OUT
    if found is not None:
        raise TransitionRefusedError(found)


def check_grant(decision: Decision, task: TaskRow, row: Transition) -> None:
    """Raises `TransitionRefusedError` while an item may not be granted yet."""
    item = decision.definition.thing.item(task.item_code)
    reached = decision.engine(item).state(row.destination)
    if not holds(reached.kind) or holds(decision.state_of(task).kind):
        return
    thing = decision.definition.thing
    kinds = {code: _kind(decision, other) for code, other in decision.tasks.items()}
    awaits = may_await_papers(thing, item)
    found = barred(thing, item, kinds, decision.records.tolerated() if awaits else ())
    if found is not None:
        raise TransitionRefusedError(found)


def may_be_granted(decision: Decision, task: TaskRow) -> bool:
    """True if all holds that a task must have before it is granted by itself."""
    item = decision.definition.thing.item(task.item_code)
    thing = decision.definition.thing
    kinds = {code: _kind(decision, other) for code, other in decision.tasks.items()}
    papers = tolerance.standing(decision) if may_await_papers(thing, item) else ()
    return barred(thing, item, kinds, papers) is None


def barred(
    thing: OneThing,
    item: Item,
    kinds: Mapping[str, StateKind | None],
    tolerated: Sequence[Tolerated],
) -> Text | None:
    """Why ``item`` may not be granted now; None if it may. Not required items have the kind None.

    ``tolerated`` are the promised papers of the whole case.
    """
    for code in item.decide_after:
        kind = kinds.get(code)
        if kind is None or holds(kind):
            continue
        words = NEVER_GRANTED if kind.is_final else NOT_DECIDED_YET
        return words.format(item=thing.item(code).title)
    for paper in tolerated:
        material = thing.material(paper.material_code)
        if paper.supplied_at is None and item.code in material.items:
            return PAPER_AWAITED.format(paper=material.title)
    return None


def may_await_papers(thing: OneThing, item: Item) -> bool:
    """True if some paper of the item may come after acceptance."""
    return any(
        material.tolerance is not None and item.code in material.items
        for material in thing.materials
    )


def _kind(decision: Decision, task: TaskRow) -> StateKind | None:
    return None if task.state == NOT_REQUIRED else decision.state_of(task).kind
