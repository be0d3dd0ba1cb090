"""What officers are told: colours of their work, work given to them, cards and appeals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.text import Text
from models.case import Case
from models.person import Person, PersonGrant
from models.supervision import StaffNotice, StaffNoticeKind
from services import definitions
from services.cases import CaseKey
from workflows.permissions import Actor, Role

OWN = "an officer's own notices"
LONGEST_LIST = 10

COUNTED: dict[StaffNoticeKind, Text] = {
    StaffNoticeKind.RED: Text(zh="{count} 件变红", en="{count} turned red"),
    StaffNoticeKind.YELLOW: Text(zh="{count} 件变黄", en="{count} turned yellow"),
    StaffNoticeKind.BLUE: Text(zh="{count} 件变蓝", en="{count} turned blue"),
    StaffNoticeKind.RULES_STOPPED: Text(
        zh="{count} 次按规则审批被自动关闭", en="decisions by rule stopped {count} times"
    ),
    StaffNoticeKind.ASSIGNED: Text(zh="{count} 件分派给您", en="{count} assigned to you"),
    StaffNoticeKind.STRANDED: Text(
        zh="{count} 件岗位上没有人可以办", en="{count} that nobody at the desk can handle"
    ),
    StaffNoticeKind.PACKAGE_REFUSED: Text(
        zh="{count} 个移交包被退回", en="packages refused: {count}"
    ),
    StaffNoticeKind.CARD_ISSUED: Text(zh="{count} 张督办牌待回复", en="{count} cards to answer"),
    StaffNoticeKind.CARD_APPEALED: Text(zh="{count} 件申诉待裁定", en="{count} appeals to judge"),
    StaffNoticeKind.CARD_JUDGED: Text(zh="{count} 件申诉已裁定", en="{count} appeals judged"),
}
"""In the order in which they press."""
SAID: dict[StaffNoticeKind, Text] = {
    StaffNoticeKind.RED: Text(zh="红色：已超期", en="Red: overdue"),
    StaffNoticeKind.YELLOW: Text(zh="黄色：快到期", en="Yellow: nearly due"),
    StaffNoticeKind.BLUE: Text(zh="蓝色：时限用掉一半", en="Blue: half the time is used"),
    StaffNoticeKind.RULES_STOPPED: Text(
        zh="按规则作出的决定被改变得太多，已自动关闭",
        en="Too many decisions by rule were overturned; they were switched off",
    ),
    StaffNoticeKind.ASSIGNED: Text(zh="分派给您", en="Assigned to you"),
    StaffNoticeKind.STRANDED: Text(
        zh="经办人员都已回避，请另行安排", en="All officers keep out; please find another way"
    ),
    StaffNoticeKind.PACKAGE_REFUSED: Text(
        zh="移交包核对不符，对方没有收下，请重新移交",
        en="The package was refused, the hashes differ; please hand it over again",
    ),
    StaffNoticeKind.CARD_ISSUED: Text(zh="督办牌，请回复", en="A card; please answer it"),
    StaffNoticeKind.CARD_APPEALED: Text(zh="有申诉，请裁定", en="An appeal; please judge it"),
    StaffNoticeKind.CARD_JUDGED: Text(zh="申诉已裁定", en="The appeal was judged"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What there is to tell of one event."""

    key: CaseKey
    event_number: int
    item_code: str | None
    kind: StaffNoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffNoticeLine:
    """One unread notice, with the case and the part that it is about."""

    key: CaseKey
    item_code: str | None
    item_title: Text | None
    case_number: str | None
    case_title: str | None
    kind: StaffNoticeKind
    created_at: datetime

    @property
    def words(self) -> Text:
        """What it says."""
        return SAID[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An officer's unread notices: how many of each kind, and the newest of them."""

    counts: Sequence[Text]
    """In words, what presses first."""
    lines: Sequence[StaffNoticeLine]
    total: int
    until: datetime | None
    """When the newest was written: what is marked as read is what was shown."""


NOTHING = Unread(counts=(), lines=(), total=0, until=None)


def tell(session: Session, told: Told, people: Iterable[UUID], at: datetime) -> None:
    """Write one notice for each of ``people``; writing them again changes nothing."""
    rows = [
        {
            "district_code": told.key.district_code,
            "case_id": told.key.case_id,
            "event_number": told.event_number,
            "person_id": person_id,
            "item_code": told.item_code,
            "kind": told.kind.value,
            "created_at": at,
            "read_at": None,
        }
        for person_id in sorted(people)
    ]
    if rows:
        session.execute(insert(StaffNotice).on_conflict_do_nothing(), rows)


def unread(session: Session, person: Actor) -> Unread:
    """What an officer has not marked as read: counts, and the newest lines."""
    rows = session.execute(
        select(StaffNotice.kind, func.count())
        .prefix_with(across_districts(OWN))
        .where(StaffNotice.person_id == person.id, StaffNotice.read_at.is_(None))
        .group_by(StaffNotice.kind)
    )
    counted = {kind: count for kind, count in rows}  # noqa: C416  rows are no pairs to mypy
    if not counted:
        return NOTHING
    lines = _lines(session, person)
    return Unread(
        counts=[
            words.format(count=counted[kind]) for kind, words in COUNTED.items() if kind in counted
        ],
        lines=lines,
        total=sum(counted.values()),
        until=max(line.created_at for line in lines),
    )


def mark_read(session: Session, person: Actor, until: datetime, at: datetime) -> int:
    """Mark an officer's notices as read, up to the newest that the page showed; how many."""
    marked = session.execute(
        update(StaffNotice)
        .prefix_with(across_districts(OWN))
        .where(
            StaffNotice.person_id == person.id,
            StaffNotice.read_at.is_(None),
            StaffNotice.created_at <= until,
        )
        .values(read_at=at)
        .returning(StaffNotice.event_number)
        .execution_options(synchronize_session=False)
    )
    return len(marked.all())


def supervisors(
    session: Session, district_code: str, department_code: str | None, at: datetime
) -> set[UUID]:
    """Who supervises a desk now; with no department, who supervises the whole district."""
    of_department = (
        PersonGrant.department_code.is_(None)
        if department_code is None
        else or_(
            PersonGrant.department_code.is_(None), PersonGrant.department_code == department_code
        )
    )
    return set(
        session.scalars(
            select(PersonGrant.person_id)
            .join(Person, Person.id == PersonGrant.person_id)
            .where(
                Person.disabled_at.is_(None),
                PersonGrant.role == Role.SUPERVISOR.value,
                PersonGrant.valid_from <= at,
                or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
                or_(
                    PersonGrant.district_code.is_(None),
                    PersonGrant.district_code == district_code,
                ),
                of_department,
            )
        )
    )


def _lines(session: Session, person: Actor) -> list[StaffNoticeLine]:
    rows = session.execute(
        select(StaffNotice, Case.number, Case.title, Case.definition_hash)
        .prefix_with(across_districts(OWN))
        .join(
            Case,
            (Case.district_code == StaffNotice.district_code) & (Case.id == StaffNotice.case_id),
        )
        .where(StaffNotice.person_id == person.id, StaffNotice.read_at.is_(None))
        .order_by(StaffNotice.created_at.desc(), StaffNotice.event_number.desc())
        .limit(LONGEST_LIST)
    )
    return [
        StaffNoticeLine(
            key=CaseKey(notice.district_code, notice.case_id),
            item_code=notice.item_code,
            item_title=definitions.by_hash(session, digest).thing.item(notice.item_code).title
            if notice.item_code
            else None,
            case_number=number,
            case_title=title,
            kind=StaffNoticeKind(notice.kind),
            created_at=notice.created_at,
        )
        for notice, number, title, digest in rows
    ]
