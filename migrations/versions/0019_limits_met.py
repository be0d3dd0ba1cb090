"""When the limits of an item were met, where that comes before its end."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column; the seals' promise ends with their delivery, not with their filing."""
    op.add_column("tasks", sa.Column("limits_met_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away; the events still say it."""
    op.drop_column("tasks", "limits_met_at")
