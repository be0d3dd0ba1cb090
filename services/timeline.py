"""How long a case took: the timestamps of its life, T_core and T_applicant, each defined."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.schema import Item
from core.errors import NotFoundError
from core.text import Text
from models.case import Case
from models.output import Output, Seal, SealStatus
from models.task import Task
from services import definitions
from services.definitions import Definition
from services.door.snapshot import NO_CASE
from workflows.case import CaseState
from workflows.engine import NOT_REQUIRED
from workflows.process import StateKind

T_CORE = Text(
    zh="T_core（核心用时）= 最后一个核心事项办结的时刻 − 受理时刻（t3）。"
    "核心事项：{items}{seals}。",
    en="T_core = the end of the last core item − acceptance (t3). Core items: {items}{seals}.",
)
SEALS_END = Text(zh="；印章以签收交付为止", en="; the seals end with their delivery")
NO_SEALS = Text(zh="", en="")
T_APPLICANT = Text(
    zh="T_applicant（申请人用时）= 全部结果出件（有印章的已交付）的时刻（t6）"
    "− 申请人首次打开办事指南的时刻（t0）。"
    "包括填表和等待，不扣除任何时间。",
    en="T_applicant = all results issued and any seals delivered (t6) − the first page of the "
    "guide opened (t0). Filling in and waiting are included; nothing is taken off.",
)
NOT_FINISHED = Text(zh="尚未办结，不计算。", en="Not finished yet, so not measured.")
NOT_GRANTED = Text(
    zh="有事项没有办成，这个用时没有意义，不计算。",
    en="Some items were not granted; the time would mean nothing and is not measured.",
)

NOT_ACCEPTED = Text(zh="没有受理，不计算。", en="It was not accepted, so it is not measured.")
WITHDRAWN = Text(zh="申请人撤回了，不计算。", en="The applicant withdrew, so it is not measured.")
CANCELLED = Text(zh="平台终止了，不计算。", en="The service ended it, so it is not measured.")
ENDED_UNMEASURED = {
    CaseState.WITHDRAWN: WITHDRAWN,
    CaseState.CANCELLED: CANCELLED,
    CaseState.NOT_ACCEPTED: NOT_ACCEPTED,
}
"""States whose very name is the reason why there is no time."""

LABELS: dict[str, Text] = {
    "t0": Text(zh="首次打开办事指南", en="First page of the guide opened"),
    "t1": Text(zh="提交申请", en="Application sent"),
    "t2": Text(zh="签署完成", en="All signatures complete"),
    "t3": Text(zh="受理", en="Accepted"),
    "t4": Text(zh="颁发{licence}", en="Issued: {licence}"),
    "t5": Text(zh="{item}：结束", en="{item}: ended"),
    "t6": Text(zh="全部结果出件（有印章的已交付）", en="All results issued, any seals delivered"),
}
SIGNED_BY_SENDING = Text(
    zh="申请人提交时一并作出确认，与提交同一时刻。",
    en="The applicant confirms by sending: the same instant.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """One timestamp of domain knowledge; None: it has not come."""

    code: str
    label: Text
    at: datetime | None
    note: Text | None = None
    item_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A measured time with its definition; without one, ``missing`` says why."""

    code: str
    definition: Text
    length: timedelta | None
    missing: Text | None

    @property
    def words(self) -> Text:
        """The length in words, or why there is none."""
        if self.length is None:
            return self.missing or NOT_FINISHED
        return in_words(self.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The timestamps of one case in their order, and the two times."""

    stamps: tuple[Stamp, ...]
    core: Duration
    applicant: Duration


def timeline(session: Session, district_code: str, case_id: UUID) -> Timeline:
    """The timestamps t0 to t6 of a case. Raises `NotFoundError` if there is no such case."""
    case = session.get(Case, (district_code, case_id))
    if case is None:
        raise NotFoundError(NO_CASE)
    definition = definitions.by_hash(session, case.definition_hash)
    tasks = session.scalars(
        select(Task).where(Task.district_code == district_code, Task.case_id == case_id)
    ).all()
    outputs = session.scalars(
        select(Output).where(Output.district_code == district_code, Output.case_id == case_id)
    ).all()
    seals = session.scalars(
        select(Seal).where(
            Seal.district_code == district_code,
            Seal.case_id == case_id,
            Seal.status != SealStatus.CANCELLED,
        )
    ).all()
    last_result = _last_result(case, outputs, seals)
    return Timeline(
        stamps=_stamps(definition, case, tasks, (outputs, last_result)),
        core=_core(definition, case, tasks),
        applicant=_applicant(case, last_result),
    )


def in_words(length: timedelta) -> Text:
    """Days, hours, minutes and seconds; parts that are zero at the front are left out."""
    seconds = round(length.total_seconds())
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    parts = ((days, "天", "d"), (hours, "小时", "h"), (minutes, "分", "min"), (rest, "秒", "s"))
    first = next((index for index, part in enumerate(parts) if part[0]), len(parts) - 1)
    return Text(
        zh=" ".join(f"{amount} {zh}" for amount, zh, _ in parts[first:]),
        en=" ".join(f"{amount} {en}" for amount, _, en in parts[first:]),
    )


def core_definition(core: Collection[Item]) -> Text:
    """What T_core is for a one-thing with these ``core`` items."""
    names = [item.public_title for item in core]
    return T_CORE.format(
        items=Text(
            zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names)
        ),
        seals=SEALS_END if any(item.seal_order for item in core) else NO_SEALS,
    )


def _stamps(
    definition: Definition,
    case: Case,
    tasks: Sequence[Task],
    results: tuple[Sequence[Output], datetime | None],
) -> tuple[Stamp, ...]:
    outputs, last_result_at = results
    ended = {task.item_code: task for task in tasks if task.ended_at is not None}
    branches = [
        Stamp(
            code="t5",
            label=LABELS["t5"].format(item=item.public_title),
            at=ended[item.code].ended_at,
            note=_state_label(definition, ended[item.code]),
            item_code=item.code,
        )
        for item in definition.thing.items
        if item.code in ended and item.code != definition.acceptor.code
    ]
    branches.sort(key=lambda stamp: (stamp.at is None, stamp.at))
    return (
        Stamp(code="t0", label=LABELS["t0"], at=case.opened_at),
        Stamp(code="t1", label=LABELS["t1"], at=case.submitted_at),
        Stamp(code="t2", label=LABELS["t2"], at=case.submitted_at, note=SIGNED_BY_SENDING),
        Stamp(code="t3", label=LABELS["t3"], at=case.accepted_at),
        *_licence(definition, outputs),
        *branches,
        Stamp(code="t6", label=LABELS["t6"], at=last_result_at),
    )


def _state_label(definition: Definition, task: Task) -> Text:
    return definition.engine_of(definition.thing.item(task.item_code)).state(task.state).label


def _licence(definition: Definition, outputs: Sequence[Output]) -> tuple[Stamp, ...]:
    """t4, the first licence that was issued; nothing for a one-thing that issues none."""
    licences = {
        (item.code, output.code): output
        for item in definition.thing.items
        for output in item.outputs
        if output.kind == "licence"
    }
    if not licences:
        return ()
    found = [row for row in outputs if (row.item_code, row.output_code) in licences]
    first = min(found, key=lambda row: row.issued_at, default=None)
    named = licences[first.item_code, first.output_code] if first else next(iter(licences.values()))
    label = LABELS["t4"].format(licence=named.short_title)
    return (Stamp(code="t4", label=label, at=first.issued_at if first else None),)


def _last_result(case: Case, outputs: Sequence[Output], seals: Sequence[Seal]) -> datetime | None:
    """t6; None unless everything was granted and every ordered seal handed over."""
    if case.state != CaseState.COMPLETED:
        return None
    handed_over = [seal.delivered_at for seal in seals]
    instants = [row.issued_at for row in outputs] + [at for at in handed_over if at is not None]
    return max(instants, default=None) if None not in handed_over else None


def _core(definition: Definition, case: Case, tasks: Sequence[Task]) -> Duration:
    core = {item.code: item for item in definition.thing.items if item.counts_for_core}
    # An item that the answers do not call for has no part in the time.
    counted = [task for task in tasks if task.item_code in core and task.state != NOT_REQUIRED]
    text = core_definition(core.values())
    ends = [task.core_ended_at for task in counted]
    length, missing = None, None
    if case.state in ENDED_UNMEASURED:
        missing = ENDED_UNMEASURED[CaseState(case.state)]
    elif any(_failed(definition, task) for task in counted):
        missing = NOT_GRANTED
    elif case.accepted_at is None or not ends or None in ends:
        missing = NOT_FINISHED
    else:
        length = max(at for at in ends if at is not None) - case.accepted_at
    return Duration(code="T_core", definition=text, length=length, missing=missing)


def _failed(definition: Definition, task: Task) -> bool:
    engine = definition.engine_of(definition.thing.item(task.item_code))
    return engine.state(task.state).kind in {StateKind.NEGATIVE, StateKind.VOID}


def _applicant(case: Case, last_result_at: datetime | None) -> Duration:
    length, missing = None, None
    if last_result_at is not None:
        length = last_result_at - case.opened_at
    elif case.state in ENDED_UNMEASURED:
        missing = ENDED_UNMEASURED[CaseState(case.state)]
    else:
        missing = NOT_FINISHED if case.ended_at is None else NOT_GRANTED
    return Duration(code="T_applicant", definition=T_APPLICANT, length=length, missing=missing)
