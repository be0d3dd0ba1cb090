"""Consent to electronic service, and service by post."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was chosen with the form, and the number of a letter, which may be erased."""
    op.add_column("case_answers", sa.Column("electronic_service", sa.Boolean(), nullable=True))
    op.add_column("document_services", sa.Column("tracking_number", sa.Text(), nullable=True))
    op.execute("GRANT UPDATE (tracking_number) ON document_services TO yichuang_app")


def downgrade() -> None:
    """Take both away; the events still say who consented."""
    op.drop_column("document_services", "tracking_number")
    op.drop_column("case_answers", "electronic_service")
