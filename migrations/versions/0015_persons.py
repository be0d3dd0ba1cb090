"""Persons: absences, delegations of signature, conflicts of interest, preparation, assignment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CASE = ["district_code", "case_id"]


def upgrade() -> None:
    """Who is away, who signs for whom, who keeps out of a case, who prepared it, who gets it."""
    _absences()
    _delegations()
    _hands()
    _assignment()
    op.execute("GRANT SELECT, INSERT ON absences, delegations TO yichuang_app")
    op.execute("GRANT UPDATE (ended_by, ended_at, begun_at) ON absences TO yichuang_app")
    op.execute("GRANT UPDATE (revoked_by, revoked_at) ON delegations TO yichuang_app")
    op.execute("GRANT SELECT, INSERT ON conflicts, assignment_policies TO yichuang_app")
    op.execute("GRANT SELECT, INSERT, UPDATE ON assignment_turns TO yichuang_app")
    op.execute("GRANT SELECT, INSERT ON preparations TO yichuang_app")
    op.execute("GRANT UPDATE (decided_event_number) ON preparations TO yichuang_app")


def _absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_absences_first_before_last")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_absences_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["people.id"], name=op.f("fk_absences_deputy_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint(
            "recorded_by", "command_id", name=op.f("uq_absences_recorded_by_command_id")
        ),
    )
    op.create_index("ix_absences_person_id", "absences", ["person_id", "last_on"])
    op.create_index(
        "ix_absences_to_begin",
        "absences",
        ["first_on"],
        postgresql_where=sa.text("begun_at IS NULL AND ended_at IS NULL"),
    )


def _delegations() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("permissions", JSONB(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "valid_from < valid_until", name=op.f("ck_delegations_from_before_until")
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["people.id"], name=op.f("fk_delegations_giver_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["people.id"], name=op.f("fk_delegations_receiver_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
        sa.UniqueConstraint(
            "giver_id", "command_id", name=op.f("uq_delegations_giver_id_command_id")
        ),
    )
    op.create_index("ix_delegations_receiver_id", "delegations", ["receiver_id", "valid_until"])
    op.create_index(
        "ix_delegations_desk", "delegations", ["district_code", "department_code", "valid_until"]
    )


def _hands() -> None:
    op.create_table(
        "conflicts",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            CASE, ["cases.district_code", "cases.id"], name=op.f("fk_conflicts_district_code_cases")
        ),
        sa.PrimaryKeyConstraint("district_code", "case_id", "person_id", name=op.f("pk_conflicts")),
    )
    op.create_index("ix_conflicts_person_id", "conflicts", ["person_id"])
    op.create_table(
        "preparations",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_event_number", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            CASE,
            ["cases.district_code", "cases.id"],
            name=op.f("fk_preparations_district_code_cases"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "item_code", "event_number", name=op.f("pk_preparations")
        ),
    )


def _assignment() -> None:
    op.create_table(
        "assignment_policies",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("kept_minutes", sa.BigInteger(), nullable=False),
        sa.Column("weights", JSONB(), nullable=False),
        sa.Column("rules", JSONB(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "district_code",
            "department_code",
            "item_code",
            "version",
            name=op.f("pk_assignment_policies"),
        ),
    )
    op.create_table(
        "assignment_turns",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "district_code", "department_code", "person_id", name=op.f("pk_assignment_turns")
        ),
    )
    op.add_column(
        "queue_entries", sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "queue_entries", sa.Column("assigned_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_queue_entries_assigned_to",
        "queue_entries",
        ["handling_district_code", "assigned_to"],
        postgresql_where=sa.text("assigned_to IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop all of it; who decided what stays in the events."""
    op.drop_index("ix_queue_entries_assigned_to", table_name="queue_entries")
    for column in ("assigned_until", "assigned_at"):
        op.drop_column("queue_entries", column)
    for table in (
        "assignment_turns",
        "assignment_policies",
        "preparations",
        "conflicts",
        "delegations",
        "absences",
    ):
        op.drop_table(table)
