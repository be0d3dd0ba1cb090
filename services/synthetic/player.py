"""Playing a synthetic life: each step through the service that people use, at its own instant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import registry, samples
from catalog import synthetic_applications as applications
from catalog.synthetic_applications import Profile
from core.clock import CIVIL_ZONE
from core.text import CHINESE
from models.base import new_id
from models.case import Origin
from models.output import SealOrder
from services import cases, counter, door, withdrawals
from services.cases import CaseKey, Opening
from services.counter import NewVisit
from services.counter_visits import DOCUMENTS, Visitor
from services.definitions import Definition
from services.synthetic import cast
from services.synthetic.cast import Cast
from services.synthetic.plan import Life
from services.synthetic.timeline import APPLICANT, WINDOW, Step
from services.withdrawals import Withdrawal
from workflows.permissions import Actor

THING = "business_start_up"
PLACES = (
    ("address.detail", "住所没有写到楼层和房间号。", "请写到楼层和房间号。"),
    ("tax.invoice_quota", "预计开票金额与经营规模相差较大。", "请按前三个月的预计核对。"),
    ("business_scope.entries", "经营项目少了公司要做的技术服务。", "请补选技术服务。"),
)
"""What officers ask to be mended: the place, what is wrong, what to write instead."""
EXTRA_ENTRY = "M7301"
TIMES = ("at_0900", "at_1000", "at_1430", "at_1530")


@dataclass(slots=True, kw_only=True)
class _Stage:
    """One life while it is played."""

    session: Session
    cast: Cast
    life: Life
    definition: Definition
    typed: dict[str, Any]
    key: CaseKey | None = None
    applicant: Actor | None = None
    acts: dict[str, Callable[[Step], None]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The applicant's name: who will represent the company."""
        return str(self.typed["legal_representative"]["name"])

    @property
    def case(self) -> CaseKey:
        """The case, once it is begun."""
        if self.key is None:
            raise ValueError(f"life {self.life.number} does not begin with its case")
        return self.key

    def actor(self, by: str) -> Actor:
        """Who acts for ``by``."""
        if by != APPLICANT:
            return self.cast.at(by, self.life)
        if self.applicant is None:
            raise ValueError(f"life {self.life.number} has no applicant who could act")
        return self.applicant


def play(session: Session, people: Cast, life: Life, definition: Definition) -> None:
    """Play a whole life in the transaction of ``session``.

    Raises whatever the services refuse: a plan that the law does not allow is a mistake.
    """
    stage = _Stage(
        session=session,
        cast=people,
        life=life,
        definition=definition,
        typed=applications.application(_profile(life)),
    )
    for step in life.steps:
        _ACTS.get(step.trigger, _move)(stage, step)


def _profile(life: Life) -> Profile:
    on = life.at.astimezone(CIVIL_ZONE).date()
    return Profile(
        number=life.number,
        on=on,
        district=registry.catalogue().district(life.district_code),
        maker_code=life.maker_code,
        seal_count=life.seal_count,
        staff=life.staff,
        collection=life.collection,
    )


def _start(stage: _Stage, step: Step) -> None:
    if step.by == WINDOW:
        stage.key = counter.start(stage.session, stage.actor(WINDOW), _visit(stage), step.at)
        return
    stage.applicant = cast.applicant(stage.session, stage.life, stage.name, step.at)
    opening = Opening(
        thing_code=THING,
        district_code=stage.life.district_code,
        opened_at=step.at - timedelta(minutes=2 + stage.life.number % 13),
        origin=Origin.SYNTHETIC,
    )
    stage.key = cases.start(stage.session, stage.applicant, opening, step.at)


def _visit(stage: _Stage) -> NewVisit:
    life = stage.life
    documents = tuple(DOCUMENTS)
    has_agent = life.number % 5 == 0
    return NewVisit(
        id=new_id(),
        thing_code=THING,
        district_code=life.district_code,
        account=applications.account(life.number),
        visitor=Visitor(
            applicant_name=stage.name,
            document_kind=documents[1] if life.number % 37 == 0 else documents[0],
            agent_name=applications.person_name(life.number) if has_agent else None,
            agent_relation="员工" if has_agent else None,
        ),
        origin=Origin.SYNTHETIC,
    )


def _save(stage: _Stage, step: Step) -> None:
    codes = [section.code for section in stage.definition.thing.sections]
    filled = codes[: max(1, round(len(codes) * step.part))]
    typed = {code: stage.typed[code] for code in filled if code in stage.typed}
    cases.save_sections(stage.session, stage.actor(step.by), stage.case, typed, step.at)


def _submit(stage: _Stage, step: Step) -> None:
    actor = stage.actor(step.by)
    command_id = cases.draft(stage.session, actor, stage.case).submission_id
    if step.by == WINDOW:
        counter.confirm(stage.session, actor, stage.case, command_id)
    cases.submit_with_promise(stage.session, actor, stage.case, command_id, step.at)


def _mend(stage: _Stage, step: Step) -> None:
    """Change what was asked for, and what has run out of time since."""
    typed, today = stage.typed, step.at.astimezone(CIVIL_ZONE).date()
    detail = f"{typed['address']['detail']} {applications.mended_address(stage.life.number)}"
    entries = list(typed["business_scope"]["entries"])
    changes = {
        "address": typed["address"] | {"detail": detail},
        "tax": typed["tax"] | {"invoice_quota": "200,000"},
        "business_scope": typed["business_scope"]
        | {"entries": [*entries, *({EXTRA_ENTRY} - set(entries))]},
        "bank": typed["bank"] | {"preferred_on": samples.typed_date(today + timedelta(days=5))},
    }
    stage.typed = typed | changes
    cases.save_sections(stage.session, stage.actor(step.by), stage.case, changes, step.at)


def _withdraw(stage: _Stage, step: Step) -> None:
    actor = stage.actor(step.by)
    prospect = withdrawals.prospect(stage.session, actor, stage.case, step.at, step.item_code)
    asked = Withdrawal(
        command_id=new_id(),
        standing=prospect.standing,
        reason="计划有变，暂时不办。" if stage.life.number % 2 else None,
        item_code=step.item_code,
    )
    withdrawals.withdraw(stage.session, actor, stage.case, asked, step.at)


def _return(stage: _Stage, step: Step) -> None:
    count = 1 + stage.life.number % len(PLACES)
    places = tuple(
        door.PlaceToMend(path=path, reason=reason, suggestion=suggestion)
        for path, reason, suggestion in PLACES[:count]
    )
    _move(stage, step, places=places)


def _deliver(stage: _Stage, step: Step) -> None:
    code = stage.session.execute(
        select(SealOrder.delivery_code).where(
            SealOrder.district_code == stage.case.district_code,
            SealOrder.case_id == stage.case.case_id,
        )
    ).scalar_one()
    _move(stage, step, inputs={"recipient_name": stage.name, "delivery_code": code})


def _approve(stage: _Stage, step: Step) -> None:
    inputs = _appointment(stage, step) if step.item_code == "bank_appointment" else {}
    _move(stage, step, inputs=inputs)


def _appointment(stage: _Stage, step: Step) -> Mapping[str, object]:
    wanted: Mapping[str, str] = stage.typed["bank"]["preferred_on"]
    day = date(*(int(wanted[part]) for part in ("year", "month", "day")))
    tomorrow = step.at.astimezone(CIVIL_ZONE).date() + timedelta(days=1)
    return {
        "appointment_on": max(day, tomorrow).isoformat(),
        "appointment_time": TIMES[stage.life.number % len(TIMES)],
        "branch": f"{stage.typed['bank']['branch_area']}支行（演示）",
    }


def _move(stage: _Stage, step: Step, **more: Any) -> None:
    """Any other step, through the one door, with the usual reason in words."""
    process = stage.definition.process_of(None if _is_of_case(step) else step.item_code)
    reason = process.reason(step.trigger, step.reason_code)
    command = door.Command(
        district_code=stage.case.district_code,
        case_id=stage.case.case_id,
        trigger=step.trigger,
        command_id=new_id(),
        item_code=step.item_code,
        reason=reason.text.to(CHINESE) if reason else None,
        reason_code=step.reason_code,
        delay=_delay(stage.life.number),
        **more,
    )
    door.move(stage.session, command, stage.actor(step.by), step.at)


def _delay(number: int) -> door.Delay:
    """Why it is late, if it is: the door asks for it only then."""
    offered = registry.catalogue().supervision.delay_reasons
    told = [reason.code for reason in offered if not reason.text_required]
    return door.Delay(reason_code=told[number % len(told)])


def _is_of_case(step: Step) -> bool:
    return step.item_code is None


_ACTS: Mapping[str, Callable[[_Stage, Step], None]] = {
    "start": _start,
    "save": _save,
    "submit": _submit,
    "mend": _mend,
    "withdraw": _withdraw,
    "return": _return,
    "deliver": _deliver,
    "approve": _approve,
}
