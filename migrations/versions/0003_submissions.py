"""Submissions as they were sent, the day by which a return is due, and who may do what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep each submission apart from the working copy, erasable with its key."""
    op.create_table(
        "submissions",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("typed", JSONB(), nullable=False),
        sa.Column("answers", JSONB(), nullable=True),
        sa.Column("materials", JSONB(), nullable=False),
        sa.Column("commitment_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
            name=op.f("fk_submissions_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "event_number", name=op.f("pk_submissions")
        ),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON submissions TO yichuang_app")
    op.add_column("cases", sa.Column("resubmission_due_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Back to one working copy."""
    op.drop_column("cases", "resubmission_due_on")
    op.drop_table("submissions")
