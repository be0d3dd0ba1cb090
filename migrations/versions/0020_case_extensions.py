"""Requests to extend the limit of a whole case, and public decisions by day."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """When an extension was asked for; and an index by which decisions are listed."""
    op.add_column(
        "cases", sa.Column("extension_asked_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_cases_extension_asked_at",
        "cases",
        ["district_code", "extension_asked_at"],
        postgresql_where=sa.text("extension_asked_at IS NOT NULL"),
    )
    op.create_index("ix_documents_kind", "documents", ["kind", "issued_at"])


def downgrade() -> None:
    """Take both away; the events still say what was asked and answered."""
    op.drop_index("ix_documents_kind", "documents")
    op.drop_index("ix_cases_extension_asked_at", "cases")
    op.drop_column("cases", "extension_asked_at")
