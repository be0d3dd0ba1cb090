"""What a commitment and a paper that may come later must hold, so that the promise can be kept."""

from collections.abc import Iterator, Mapping

from catalog.exits import Overdue, Tolerance
from catalog.limits import LimitDefinition
from catalog.schema import FieldKind, Item, Material, OneThing, ProcessDefinition
from catalog.source import Place
from catalog.traces import path_to
from core.text import Text
from workflows.case import CaseState
from workflows.clocks import Unit
from workflows.process import Effect, Handler, StateKind

Found = Iterator[tuple[Place, Text]]

NO_CHOICE = Text(
    zh="“{path}”应是一个不重复部分里的 yes_no 问题。",
    en='"{path}" should be a question of the kind yes_no in a section that does not repeat.',
)
UNSAFE = Text(
    zh="事项“{name}”关系国家安全、公共安全或者生命健康，不能凭承诺办理，也不能容缺受理。",
    en='"{name}" concerns national security, public safety or life and health: no commitment and '
    "no missing paper.",
)
NO_WAY = Text(
    zh="流程 {process} 没有按承诺启动的一步（by_commitment）。",
    en="The process {process} has no step that starts on a commitment (by_commitment).",
)
NO_VERIFICATION = Text(
    zh="凭承诺准予以后要核查，请给状态“{name}”写明期限（state_limits）。",
    en='What is granted on a commitment is verified; give "{name}" a limit (state_limits).',
)
NO_EXTENSION = Text(
    zh="流程 {process} 没有延期的一步（extend_limit）。",
    en="The process {process} has no step that extends a limit (extend_limit).",
)
NO_CONSENT = Text(
    zh="延期需要申请人同意，流程 {process} 却没有征求同意的一步（ask_consent）。",
    en="The extension needs the applicant's consent, but the process {process} never asks for it "
    "(ask_consent).",
)
NOT_NEEDED = Text(
    zh="只有必需的上传材料（met_by: upload）才谈得上容缺。",
    en="Only a paper that is required and uploaded (met_by: upload) can be missing.",
)
TOO_LONG = Text(
    zh="补交期限不能超过事项“{name}”的承诺时限。",
    en='The paper may not come later than the promised limit of "{name}".',
)
NO_OVERDUE = Text(
    zh="承诺的材料到期没有交来时，流程 {process} 的状态“{state}”没有逾期未补交的一步（overdue），"
    "到不了{kind}的状态。这样就会停在那里：{path}。",
    en='When a promised paper does not come, the process {process} has no step out of "{state}" '
    "that is overdue and leads to a {kind} state. It would be stuck like this: {path}.",
)
CASE_CANNOT = Text(
    zh="办件流程 {process} 的状态“{state}”没有带“{effect}”的一步，容缺的材料{words}。",
    en='The case process {process} has no step out of "{state}" with the effect "{effect}", so '
    "a paper that is promised {words}.",
)
ENDS: Mapping[Overdue, StateKind] = {
    Overdue.DEEMED_WITHDRAWN: StateKind.VOID,
    Overdue.REFUSED: StateKind.NEGATIVE,
}
"""The kind of state to which a paper leads that did not come in time."""
_ENDS_IN_WORDS = {
    StateKind.VOID: Text(zh="不再办理", en="void"),
    StateKind.NEGATIVE: Text(zh="不予办理", en="negative"),
}


_NEEDED_OF_CASE = (
    (
        CaseState.SUBMITTED,
        Effect.TOLERATE,
        Text(zh="无法先受理后补交", en="could not be missing at acceptance"),
    ),
    (
        CaseState.IN_PROGRESS,
        Effect.SUPPLY_TOLERATED,
        Text(zh="无法补交", en="could not be brought"),
    ),
    (
        CaseState.IN_PROGRESS,
        Effect.LAPSE_PROMISES,
        Text(zh="到期没有交来时没有后果", en="could be overdue without anything that follows"),
    ),
)


def item_promise_mistakes(
    place: Place, item: Item, thing: OneThing, process: ProcessDefinition
) -> Found:
    """Everything that is wrong with an item's commitment and extension."""
    yield from _extension((*place, "extension"), item, process)
    if item.commitment is None:
        return
    if item.is_safety_class:
        yield (*place, "commitment"), UNSAFE.format(name=item.code)
    if item.commitment.chosen_by not in _choices(thing):
        path = item.commitment.chosen_by
        yield (*place, "commitment", "chosen_by"), NO_CHOICE.format(path=path)
    if not any(row.by_commitment for row in process.transitions):
        yield (*place, "commitment"), NO_WAY.format(process=process.code)
    for name in _unlimited_follow_up(item, process):
        yield (*place, "commitment"), NO_VERIFICATION.format(name=name)


def case_extension_mistakes(thing: OneThing, processes: Mapping[str, ProcessDefinition]) -> Found:
    """What is wrong with the extension of the whole case; an unknown process is told elsewhere."""
    process = processes.get(thing.case_process)
    if process is not None:
        yield from _extension(("extension",), thing, process)


def _extension(place: Place, extended: Item | OneThing, process: ProcessDefinition) -> Found:
    extension = extended.extension
    if extension is None:
        return
    effects = {effect for row in process.transitions for effect in row.effects}
    if Effect.EXTEND_LIMIT not in effects:
        yield place, NO_EXTENSION.format(process=process.code)
    if extension.needs_consent and Effect.ASK_CONSENT not in effects:
        yield (*place, "needs_consent"), NO_CONSENT.format(process=process.code)


def _unlimited_follow_up(item: Item, process: ProcessDefinition) -> list[str]:
    """The states of follow-up work after a decision for which nobody said until when."""
    return [
        state.code
        for state in process.states
        if state.kind is StateKind.POSITIVE
        and state.handler is Handler.DEPARTMENT
        and state.limit is None
        and state.code not in item.state_limits
    ]


def tolerance_mistakes(
    place: Place,
    material: Material,
    thing: OneThing,
    processes: Mapping[str, ProcessDefinition],
) -> Found:
    """Everything that is wrong with a paper that may come after acceptance."""
    tolerance = material.tolerance
    if tolerance is None:
        return
    if material.met_by != "upload" or not material.required:
        yield (*place, "tolerance"), NOT_NEEDED
    if tolerance.promised_by not in _choices(thing):
        yield (*place, "tolerance", "promised_by"), NO_CHOICE.format(path=tolerance.promised_by)
    yield from _case_steps((*place, "tolerance"), processes.get(thing.case_process))
    for item in thing.items:
        if item.code in material.items:
            yield from _tolerated((*place, "tolerance"), tolerance, item, processes)


def _tolerated(
    place: Place, tolerance: Tolerance, item: Item, processes: Mapping[str, ProcessDefinition]
) -> Found:
    if item.is_safety_class:
        yield place, UNSAFE.format(name=item.code)
    if not _fits(tolerance.within, item.promised_limit):
        yield (*place, "within"), TOO_LONG.format(name=item.code)
    process, kind = processes.get(item.process), ENDS[tolerance.overdue]
    for code in _without_overdue(process, kind) if process else ():
        yield (
            (*place, "overdue"),
            NO_OVERDUE.format(
                process=process.code if process else "",
                state=code,
                kind=_ENDS_IN_WORDS[kind],
                path=path_to(process, code) if process else "",
            ),
        )


def _without_overdue(process: ProcessDefinition, kind: StateKind) -> list[str]:
    """The states in which a promised paper would be overdue without anything that follows."""
    kinds = {state.code: state.kind for state in process.states}
    return [
        state.code
        for state in process.states
        if not state.kind.is_final
        and not any(
            row.overdue and kinds.get(row.destination) is kind
            for row in process.from_state(state.code)
        )
    ]


def _case_steps(place: Place, process: ProcessDefinition | None) -> Found:
    """A case is accepted without the paper, takes it in, and does what follows without it."""
    known = {state.code for state in process.states} if process else set()
    for state, effect, words in _NEEDED_OF_CASE:
        if process is None or state.value not in known:
            continue  # told elsewhere
        rows = process.from_state(state.value)
        if not any(effect in row.effects for row in rows):
            yield (
                place,
                CASE_CANNOT.format(
                    process=process.code, state=state.value, effect=effect.value, words=words
                ),
            )


def _fits(within: LimitDefinition, promised: LimitDefinition) -> bool:
    """True if the first can never end after the second, whatever the calendar says."""
    if within.unit is promised.unit:
        return within.amount <= promised.amount
    # So many calendar days never take longer than as many working days.
    in_days = (within.unit, promised.unit) == (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
    return in_days and within.amount <= promised.amount


def _choices(thing: OneThing) -> frozenset[str]:
    return frozenset(
        f"{section.code}.{question.code}"
        for section in thing.sections
        if section.repeat is None
        for question in section.fields
        if question.kind is FieldKind.YES_NO
    )
