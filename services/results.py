"""What a case gives out: its outputs (结果), and its seals with the code to collect them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.schema import OneThing, OutputFact
from core.text import Text
from models.case import Case
from models.output import Output, Seal, SealOrder, SealStatus
from services import makers
from services.definitions import Definition
from services.makers import MakerLine

SEAL_STATUS = {
    SealStatus.ORDERED: Text(zh="已下单", en="Ordered"),
    SealStatus.CODED: Text(zh="正在刻制", en="Being engraved"),
    SealStatus.ENGRAVED: Text(zh="已刻好，待领取", en="Ready to be collected"),
    SealStatus.DELIVERED: Text(zh="已领取", en="Collected"),
    SealStatus.FILED: Text(zh="已领取并备案", en="Collected and filed"),
    SealStatus.CANCELLED: Text(zh="已取消", en="Cancelled"),
}
WITH_APPLICANT = frozenset({SealStatus.DELIVERED, SealStatus.FILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One output of a case."""

    item_code: str
    output_code: str
    title: Text
    short_title: Text
    kind: str
    """``licence``, ``notice``, ``receipt``, ``number`` or ``seal``."""
    number: str
    is_credit_code: bool
    """True if its number is the credit code that the register gave."""
    is_simulated: bool
    """True if its number imitates that of a register to which nothing here is connected."""
    facts: tuple[OutputFact, ...]
    issued_at: datetime
    revoked_at: datetime | None
    """Since when it holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealLine:
    """One seal, as its owner reads it."""

    kind: Text
    material: Text
    code: str | None
    status: SealStatus
    status_label: Text
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The seals of a case, who makes them, and the code against which they are handed over."""

    code: str | None
    """Six digits that the owner shows; None once every seal has been collected."""
    maker: MakerLine | None
    seals: tuple[SealLine, ...]

    @property
    def is_ready(self) -> bool:
        """True if seals lie ready to be collected."""
        return any(seal.status is SealStatus.ENGRAVED for seal in self.seals)


def issued(session: Session, case: Case, definition: Definition) -> tuple[Result, ...]:
    """The outputs that a case has, in the order of its definition."""
    rows = session.execute(
        select(Output).where(Output.district_code == case.district_code, Output.case_id == case.id)
    ).scalars()
    found = {(row.item_code, row.output_code): row for row in rows}
    return tuple(
        Result(
            item_code=item.code,
            output_code=output.code,
            title=output.title,
            short_title=output.short_title,
            kind=output.kind,
            number=row.number,
            is_credit_code=output.number_from == "credit_code",
            is_simulated=output.number_from in {"credit_code", "register"},
            facts=output.facts,
            issued_at=row.issued_at,
            revoked_at=row.revoked_at,
        )
        for item in definition.thing.items
        for output in item.outputs
        if (row := found.get((item.code, output.code)))
    )


def delivery(session: Session, case: Case, definition: Definition) -> Delivery | None:
    """The seals of a case and how to collect them; None if none are ordered."""
    order = session.execute(
        select(SealOrder).where(
            SealOrder.district_code == case.district_code, SealOrder.case_id == case.id
        )
    ).scalar_one_or_none()
    if order is None:
        return None
    rows = session.execute(
        select(Seal)
        .where(
            Seal.district_code == case.district_code,
            Seal.case_id == case.id,
            Seal.status != SealStatus.CANCELLED,
        )
        .order_by(Seal.id)
    ).scalars()
    seals = tuple(_seal(definition.thing, seal) for seal in rows)
    waiting = any(seal.status not in WITH_APPLICANT for seal in seals)
    return Delivery(
        code=order.delivery_code if waiting else None,
        maker=makers.get(session, order.maker_code),
        seals=seals,
    )


def _seal(thing: OneThing, seal: Seal) -> SealLine:
    paths = thing.item(seal.item_code).seal_order
    status = SealStatus(seal.status)
    return SealLine(
        kind=_label(thing, paths.kinds if paths else "", seal.kind),
        material=_label(thing, paths.material if paths else "", seal.material),
        code=seal.code,
        status=status,
        status_label=SEAL_STATUS[status],
        delivered_at=seal.delivered_at,
    )


def _label(thing: OneThing, path: str, value: str) -> Text:
    """How the form calls a choice; the bare value if the form no longer has it."""
    for section in thing.sections:
        for field in section.fields:
            if f"{section.code}.{field.code}" != path:
                continue
            for option in field.options:
                if option.value == value:
                    return option.label
    return Text(zh=value, en=value)
