"""The task (分办件): one item of one case, and its place in a queue."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Task(Base):
    """One item's part of a case. ``due_at`` is the stored end of its clock's fold."""

    __tablename__ = "tasks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id"], ["cases.district_code", "cases.id"], ondelete="CASCADE"
        ),
        Index("ix_tasks_timer_at", "timer_at", postgresql_where="timer_at IS NOT NULL"),
        Index(
            "ix_tasks_next_colour_at",
            "next_colour_at",
            postgresql_where="next_colour_at IS NOT NULL",
        ),
        Index(
            "ix_tasks_supervision",
            "handling_district_code",
            "colour",
            "department_code",
            "due_at",
            postgresql_where="ended_at IS NULL AND colour IS NOT NULL",
        ),
        Index(
            "ix_tasks_open_due",
            "handling_district_code",
            "due_at",
            postgresql_where="ended_at IS NULL AND due_at IS NOT NULL",
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    department_code: Mapped[str]
    handling_district_code: Mapped[str]
    maker_code: Mapped[str | None]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    """Counts this task's own events: two officers on one task collide, two departments do not."""
    prepared_by: Mapped[UUID | None]
    """Who made the last step by hand; another must decide where the process says so."""
    started_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    statutory_due_at: Mapped[datetime | None]
    statutory_provisional: Mapped[bool] = mapped_column(default=False, server_default="false")
    first_due_at: Mapped[datetime | None]
    """The promised end as it was first told; it is kept whatever becomes of the date."""
    paused_at: Mapped[datetime | None]
    """Since when the clock stands still; empty while it runs."""
    state_due_at: Mapped[datetime | None]
    """When the limit of the present state itself runs out."""
    timer_at: Mapped[datetime | None]
    """The same, if something follows by itself then."""
    calendar_hash: Mapped[bytes | None]
    """The calendar by which the stored ends were counted."""
    colour: Mapped[str | None]
    """``blue``, ``yellow`` or ``red``; empty while nobody need look at it."""
    next_colour: Mapped[str | None]
    next_colour_at: Mapped[datetime | None]
    assigned_to: Mapped[UUID | None]
    """Who is to work on it, before anybody claims it."""
    limits_met_at: Mapped[datetime | None]
    """When both limits of its item were met, if that came before its end (``limits_end_on``)."""
    core_ended_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class QueueEntry(Base):
    """What waits where. Its district is the one that handles it, not the case's home.

    Written in the transaction that moves the task. The claim is a fact beside the state: a lease
    that has run out counts as none when it is read, no timer is needed.
    """

    __tablename__ = "queue_entries"
    __table_args__ = (
        Index(
            "ix_queue_entries_next",
            "handling_district_code",
            "handler_code",
            "is_preparation",
            "due_at",
            "waiting_since",
        ),
        Index(
            "ix_queue_entries_free",
            "handling_district_code",
            "handler_code",
            "due_at",
            "waiting_since",
            postgresql_where="claim_expires_at IS NULL AND assigned_to IS NULL"
            " AND NOT is_preparation",
        ),
        Index(
            "ix_queue_entries_claim_expires_at",
            "handling_district_code",
            "handler_code",
            "claim_expires_at",
            postgresql_where="claim_expires_at IS NOT NULL",
        ),
        Index(
            "ix_queue_entries_claim_command_id",
            "handling_district_code",
            "claim_command_id",
            postgresql_where="claim_command_id IS NOT NULL",
        ),
        Index(
            "ix_queue_entries_assigned_to",
            "handling_district_code",
            "assigned_to",
            postgresql_where="assigned_to IS NOT NULL",
        ),
        Index(
            "ix_queue_entries_acceptance",
            "handling_district_code",
            "due_at",
            postgresql_where="state = 'submitted'",
        ),
        Index(
            "ix_queue_entries_claimed",
            "handling_district_code",
            "claim_expires_at",
            postgresql_where="claimed_by IS NOT NULL",
        ),
    )

    handling_district_code: Mapped[str] = mapped_column(primary_key=True)
    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    handler_code: Mapped[str]
    """``department:tax`` or ``maker:jincheng``."""
    state: Mapped[str]
    is_preparation: Mapped[bool]
    """True while it may only be reviewed beforehand, waiting for another item."""
    case_number: Mapped[str]
    title: Mapped[str]
    definition_hash: Mapped[bytes]
    waiting_since: Mapped[datetime]
    due_at: Mapped[datetime | None]
    due_provisional: Mapped[bool]
    claimed_by: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    claim_expires_at: Mapped[datetime | None]
    claim_command_id: Mapped[UUID | None]
    """The command that took it: a second press of "next" finds the first one's result."""
    assigned_to: Mapped[UUID | None]
    """Whose work it is, by a policy or by the head; colleagues leave it alone for a while."""
    assigned_at: Mapped[datetime | None]
    assigned_until: Mapped[datetime | None]
    """How long that keeps colleagues out."""
    colour: Mapped[str | None]
