"""Supervision (督办): cards, reasons for being overdue, and what officers are told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

EVENT = ["events.district_code", "events.case_id", "events.number"]


class SupervisionCard(Base):
    """A card (红黄牌) on one task; its words stand with the events that it names."""

    __tablename__ = "supervision_cards"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id", "issue_event_number"], EVENT),
        Index("ix_supervision_cards_desk", "handling_district_code", "department_code", "state"),
        Index("ix_supervision_cards_person_id", "person_id"),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str]
    handling_district_code: Mapped[str]
    department_code: Mapped[str]
    kind: Mapped[str]
    """``yellow`` or ``red``."""
    state: Mapped[str]
    """Of the process ``supervision_card``."""
    reason_code: Mapped[str]
    person_id: Mapped[UUID | None]
    """Who has to answer for it; empty: whoever of the desk answers first."""
    issued_by: Mapped[UUID]
    issued_at: Mapped[datetime]
    issue_event_number: Mapped[int]
    answer_due_at: Mapped[datetime]
    """After it an appeal comes too late."""
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    answer_event_number: Mapped[int | None]
    judge_due_at: Mapped[datetime | None]
    judged_by: Mapped[UUID | None]
    judged_at: Mapped[datetime | None]
    judge_event_number: Mapped[int | None]


class DelayReason(Base):
    """Why a task is overdue, as its officer said: a code here, the words with the event."""

    __tablename__ = "delay_reasons"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id", "event_number"], EVENT),
        Index("ix_delay_reasons_given_at", "given_at"),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    reason_code: Mapped[str]
    given_by: Mapped[UUID]
    given_at: Mapped[datetime]


class StaffNoticeKind(StrEnum):
    """What an officer is told of."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"
    ASSIGNED = "assigned"
    STRANDED = "stranded"
    CARD_ISSUED = "card_issued"
    CARD_APPEALED = "card_appealed"
    CARD_JUDGED = "card_judged"
    PACKAGE_REFUSED = "package_refused"
    RULES_STOPPED = "rules_stopped"


class StaffNotice(Base):
    """One thing that one officer is told of one event; its key makes twice impossible."""

    __tablename__ = "staff_notices"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id", "event_number"], EVENT),
        Index(
            "ix_staff_notices_unread",
            "person_id",
            "created_at",
            postgresql_where="read_at IS NULL",
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str | None]
    kind: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
