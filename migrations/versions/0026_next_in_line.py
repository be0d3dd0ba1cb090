"""Indexes by which the next in line is found, however long the queue and however many claims."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What nobody holds by its day; claims by their end and by the command that made them."""
    op.create_index(
        "ix_queue_entries_free",
        "queue_entries",
        ["handling_district_code", "handler_code", "due_at", "waiting_since"],
        postgresql_where=sa.text(
            "claim_expires_at IS NULL AND assigned_to IS NULL AND NOT is_preparation"
        ),
    )
    op.create_index(
        "ix_queue_entries_claim_expires_at",
        "queue_entries",
        ["handling_district_code", "handler_code", "claim_expires_at"],
        postgresql_where=sa.text("claim_expires_at IS NOT NULL"),
    )
    op.create_index(
        "ix_queue_entries_claim_command_id",
        "queue_entries",
        ["handling_district_code", "claim_command_id"],
        postgresql_where=sa.text("claim_command_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them; "next" reads the queue in its order again."""
    for name in ("claim_command_id", "claim_expires_at", "free"):
        op.drop_index(f"ix_queue_entries_{name}", "queue_entries")
