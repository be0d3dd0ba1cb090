"""Exits: papers that come later, marks of broken promises, results that were revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OF_EVENT = ["events.district_code", "events.case_id", "events.number"]


def upgrade() -> None:
    """Tables of promises kept and broken, and on each result whether it still holds."""
    op.create_table(
        "tolerated_papers",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("material_code", sa.Text(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supplied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            _OF_EVENT,
            name=op.f("fk_tolerated_papers_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "material_code", name=op.f("pk_tolerated_papers")
        ),
    )
    op.create_table(
        "credit_marks",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("repaired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            _OF_EVENT,
            name=op.f("fk_credit_marks_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "event_number", name=op.f("pk_credit_marks")
        ),
    )
    op.create_index(
        "ix_credit_marks_applicant_id",
        "credit_marks",
        ["applicant_id"],
        postgresql_where=sa.text("repaired_at IS NULL"),
    )
    op.add_column("outputs", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("GRANT SELECT, INSERT ON tolerated_papers, credit_marks TO yichuang_app")
    op.execute("GRANT UPDATE (supplied_at, lapsed_at) ON tolerated_papers TO yichuang_app")
    op.execute("GRANT UPDATE (repaired_at) ON credit_marks TO yichuang_app")


def downgrade() -> None:
    """Take the tables away; the events of the chain still say all of it."""
    op.drop_column("outputs", "revoked_at")
    op.drop_table("credit_marks")
    op.drop_table("tolerated_papers")
