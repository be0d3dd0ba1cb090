"""When each section of a draft was saved, and the right to delete a draft."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count the savings of a draft; events keep every case that has one from being deleted."""
    op.add_column(
        "case_answers", sa.Column("revision", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("case_answers", sa.Column("saved", JSONB(), nullable=False, server_default="{}"))
    op.execute("GRANT DELETE ON cases TO yichuang_app")


def downgrade() -> None:
    """Drop the counts and take the right back."""
    op.execute("REVOKE DELETE ON cases FROM yichuang_app")
    op.drop_column("case_answers", "saved")
    op.drop_column("case_answers", "revision")
