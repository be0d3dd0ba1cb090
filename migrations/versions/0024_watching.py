"""Marks of change at desks, and indexes for what waits for acceptance and what is claimed."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ENTRIES = "queue_entries"


def upgrade() -> None:
    """Create the table that says whether a queue has changed, and the indexes."""
    op.create_table(
        "queue_marks",
        sa.Column("handling_district_code", sa.Text(), nullable=False),
        sa.Column("handler_code", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "handling_district_code", "handler_code", "id", name=op.f("pk_queue_marks")
        ),
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON queue_marks TO yichuang_app")
    op.create_index(
        "ix_queue_entries_acceptance",
        ENTRIES,
        ["handling_district_code", "due_at"],
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_index(
        "ix_queue_entries_claimed",
        ENTRIES,
        ["handling_district_code", "claim_expires_at"],
        postgresql_where=sa.text("claimed_by IS NOT NULL"),
    )


def downgrade() -> None:
    """Take both away again."""
    op.drop_index("ix_queue_entries_claimed", ENTRIES)
    op.drop_index("ix_queue_entries_acceptance", ENTRIES)
    op.drop_table("queue_marks")
