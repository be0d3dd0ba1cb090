"""Repairs of cases by operators."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each repair; once it is settled it stays as it is."""
    op.add_column("cases", sa.Column("repaired_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "repairs",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_event_number", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id"],
            ["cases.district_code", "cases.id"],
            name=op.f("fk_repairs_district_code_cases"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "event_number", name=op.f("pk_repairs")
        ),
    )
    op.create_index("ix_repairs_asked_at", "repairs", ["asked_at"])
    op.create_index(
        "ix_repairs_waiting", "repairs", ["asked_at"], postgresql_where="state = 'waiting'"
    )
    op.execute("GRANT SELECT, INSERT ON repairs TO yichuang_app")
    op.execute(
        "GRANT UPDATE (state, settled_by, settled_at, settled_event_number)"
        " ON repairs TO yichuang_app"
    )


def downgrade() -> None:
    """Drop it; the events still tell every repair."""
    op.drop_table("repairs")
    op.drop_column("cases", "repaired_at")
