"""What the invariant monitor found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each check of each run; the application forgets old ones."""
    op.create_table(
        "invariant_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_code", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("breach_count", sa.BigInteger(), nullable=False),
        sa.Column("breaches", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invariant_runs")),
    )
    op.create_index(
        "ix_invariant_runs_ended_at", "invariant_runs", ["check_code", "scope", "ended_at"]
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON invariant_runs TO yichuang_app")


def downgrade() -> None:
    """Drop it; checks can be run again."""
    op.drop_table("invariant_runs")
