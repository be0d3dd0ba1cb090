"""The case behind a figure, as an auditor may see it: ledger, seals, times, chain."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.text import Text
from models.case import Case, Origin
from models.hand_over_package import HandOverPackage
from models.output import Output, Seal
from services import definitions, timeline, transfers
from services.definitions import Definition
from services.door.snapshot import NO_CASE
from services.history import ChainReport, HistoryLine, history, verify_chain
from services.ledger_words import ORIGIN_TAGS, maker_label, maker_names
from services.package_lists import STATES
from services.routing import district_name
from services.savings_dimensions import district_label
from services.standings import officer_name
from services.timeline import Timeline
from services.transfers import TransferLine
from workflows.permissions import Actor, Permission, Place, may

SEAL_STATUS = {
    "ordered": Text(zh="已下单", en="Ordered"),
    "coded": Text(zh="已赋码", en="Coded"),
    "engraved": Text(zh="已刻制", en="Engraved"),
    "delivered": Text(zh="已交付", en="Delivered"),
    "filed": Text(zh="已备案", en="Filed"),
    "cancelled": Text(zh="已取消", en="Cancelled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SealLine:
    """One seal of the case."""

    id: UUID
    kind: str
    kind_label: Text
    maker_label: Text
    code: str | None
    status: str
    status_label: Text
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputLine:
    """One result of the case."""

    item_title: Text
    title: Text
    number: str
    issued_at: datetime
    event_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageHashes:
    """One hand-over package: numbers and hashes, nothing of what is in it."""

    item_title: Text
    number: int
    from_name: Text
    to_name: Text
    state_words: Text
    content_hash: str
    found_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """Everything of one case that the ledger rests on. No answers, no personal data."""

    district_code: str
    case_id: UUID
    number: str | None
    title: str | None
    thing_title: Text
    district_label: Text
    state: str
    state_label: Text
    origin: Origin
    origin_label: Text
    officer_name: str | None
    """The window officer who took it in; None for a case that stayed online."""
    definition_hash: str
    credit_code: str | None
    transfers: tuple[TransferLine, ...]
    burden: tuple[Text, ...]
    """What the applicant was spared, a sum for each unit."""
    seals: tuple[SealLine, ...]
    outputs: tuple[OutputLine, ...]
    packages: tuple[PackageHashes, ...]
    """By which parts of it went to other districts."""
    timeline: Timeline
    history: tuple[HistoryLine, ...]
    chain: ChainReport


def case_record(
    session: Session, actor: Actor, district_code: str, case_id: UUID, at: datetime
) -> CaseRecord:
    """The record of one case for an auditor, its chain recomputed now.

    Raises `NotFoundError` if there is no such case within the actor's reach.
    """
    case = session.execute(
        select(Case).where(Case.district_code == district_code, Case.id == case_id)
    ).scalar_one_or_none()
    if case is None:
        raise NotFoundError(NO_CASE)
    place = Place(applicant_id=case.applicant_id, district_code=district_code)
    if not may(actor, Permission.LEDGER_READ, place, at):
        raise NotFoundError(NO_CASE)
    definition = definitions.by_hash(session, case.definition_hash)
    lines = transfers.of_case(session, district_code, case_id)
    return CaseRecord(
        district_code=district_code,
        case_id=case_id,
        number=case.number,
        title=case.title,
        thing_title=definition.thing.title,
        district_label=district_label(district_code),
        state=case.state,
        state_label=definition.case_engine.state(case.state).label,
        origin=case.origin,
        origin_label=ORIGIN_TAGS[case.origin],
        officer_name=officer_name(session, case),
        definition_hash=case.definition_hash.hex(),
        credit_code=case.credit_code,
        transfers=lines,
        burden=transfers.burden_in_words(lines),
        seals=_seals(session, definition, case),
        outputs=_outputs(session, definition, case),
        packages=_packages(session, definition, case),
        timeline=timeline.timeline(session, district_code, case_id),
        history=history(session, district_code, case_id),
        chain=verify_chain(session, district_code, case_id),
    )


def _seals(session: Session, definition: Definition, case: Case) -> tuple[SealLine, ...]:
    makers = maker_names(session)
    rows = session.scalars(
        select(Seal)
        .where(Seal.district_code == case.district_code, Seal.case_id == case.id)
        .order_by(Seal.code, Seal.id)
    )
    return tuple(
        SealLine(
            id=seal.id,
            kind=seal.kind,
            kind_label=kind_label(definition, seal.item_code, seal.kind),
            maker_label=maker_label(seal.maker_code, makers),
            code=seal.code,
            status=seal.status.value,
            status_label=SEAL_STATUS[seal.status.value],
            delivered_at=seal.delivered_at,
        )
        for seal in rows
    )


def _outputs(session: Session, definition: Definition, case: Case) -> tuple[OutputLine, ...]:
    titles = {
        (item.code, output.code): (item.title, output.title)
        for item in definition.thing.items
        for output in item.outputs
    }
    rows = session.scalars(
        select(Output)
        .where(Output.district_code == case.district_code, Output.case_id == case.id)
        .order_by(Output.event_number, Output.output_code)
    )
    return tuple(
        OutputLine(
            item_title=titles[output.item_code, output.output_code][0],
            title=titles[output.item_code, output.output_code][1],
            number=output.number,
            issued_at=output.issued_at,
            event_number=output.event_number,
        )
        for output in rows
    )


def _packages(session: Session, definition: Definition, case: Case) -> tuple[PackageHashes, ...]:
    rows = session.scalars(
        select(HandOverPackage)
        .where(
            HandOverPackage.district_code == case.district_code,
            HandOverPackage.case_id == case.id,
        )
        .order_by(HandOverPackage.sent_at, HandOverPackage.item_code, HandOverPackage.number)
    )
    return tuple(
        PackageHashes(
            item_title=definition.thing.item(row.item_code).title,
            number=row.number,
            from_name=district_name(row.from_district_code),
            to_name=district_name(row.to_district_code),
            state_words=STATES[row.state],
            content_hash=row.content_hash.hex(),
            found_hash=row.found_hash.hex() if row.found_hash else None,
        )
        for row in rows
    )


def kind_label(definition: Definition, item_code: str, kind: str) -> Text:
    """What the form calls a kind of seal."""
    order = definition.thing.item(item_code).seal_order
    if order is not None:
        section_code, field_code = order.kinds.split(".")
        for field in definition.thing.section(section_code).fields:
            for option in field.options if field.code == field_code else ():
                if option.value == kind:
                    return option.label
    return Text(zh=kind, en=kind)
