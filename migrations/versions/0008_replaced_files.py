"""Which file a new one takes the place of, so that whoever looks into it later still knows."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note the replaced file on the row of the new one; its table's grants cover the column."""
    op.add_column("material_files", sa.Column("replaces", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("material_files", "replaces")
