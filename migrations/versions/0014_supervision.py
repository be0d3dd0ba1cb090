"""Supervision: cards, appeals, reasons for being overdue."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_EVENT = ["events.district_code", "events.case_id", "events.number"]


def upgrade() -> None:
    """Cards with their answers and judgements, reasons, what officers are told, and the board."""
    _cards()
    _reasons()
    _notices()
    op.create_index(
        "ix_tasks_supervision",
        "tasks",
        ["handling_district_code", "colour", "department_code", "due_at"],
        postgresql_where=sa.text("ended_at IS NULL AND colour IS NOT NULL"),
    )
    op.create_index(
        "ix_tasks_open_due",
        "tasks",
        ["handling_district_code", "due_at"],
        postgresql_where=sa.text("ended_at IS NULL AND due_at IS NOT NULL"),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON supervision_cards, staff_notices TO yichuang_app")
    op.execute("GRANT SELECT, INSERT ON delay_reasons TO yichuang_app")


def downgrade() -> None:
    """Drop the tables; the events of all of it stay in the chains."""
    op.drop_index("ix_tasks_open_due", "tasks")
    op.drop_index("ix_tasks_supervision", "tasks")
    op.drop_table("staff_notices")
    op.drop_table("delay_reasons")
    op.drop_table("supervision_cards")


def _cards() -> None:
    op.create_table(
        "supervision_cards",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("handling_district_code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issue_event_number", sa.BigInteger(), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_event_number", sa.BigInteger(), nullable=True),
        sa.Column("judge_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judge_event_number", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "issue_event_number"],
            _EVENT,
            name=op.f("fk_supervision_cards_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "id", name=op.f("pk_supervision_cards")
        ),
    )
    op.create_index(
        "ix_supervision_cards_desk",
        "supervision_cards",
        ["handling_district_code", "department_code", "state"],
    )
    op.create_index("ix_supervision_cards_person_id", "supervision_cards", ["person_id"])


def _reasons() -> None:
    op.create_table(
        "delay_reasons",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            _EVENT,
            name=op.f("fk_delay_reasons_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "item_code", "event_number", name=op.f("pk_delay_reasons")
        ),
    )
    op.create_index("ix_delay_reasons_given_at", "delay_reasons", ["given_at"])


def _notices() -> None:
    op.create_table(
        "staff_notices",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            _EVENT,
            name=op.f("fk_staff_notices_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "event_number", "person_id", name=op.f("pk_staff_notices")
        ),
    )
    op.create_index(
        "ix_staff_notices_unread",
        "staff_notices",
        ["person_id", "created_at"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
