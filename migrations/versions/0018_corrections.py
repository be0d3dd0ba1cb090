"""Corrections of a part of a case, and papers served."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each paper and way in which it was served; the application changes none.

    The recipient's name alone may be erased, with all that is personal in the case.
    """
    op.create_table(
        "document_services",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recipient_name", sa.Text(), nullable=True),
        sa.Column("recipient_relation", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["documents.district_code", "documents.case_id", "documents.event_number"],
            name=op.f("fk_document_services_district_code_documents"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code",
            "case_id",
            "event_number",
            "method",
            name=op.f("pk_document_services"),
        ),
    )
    op.execute("GRANT SELECT, INSERT ON document_services TO yichuang_app")
    op.execute(
        "GRANT UPDATE (recipient_name, recipient_relation) ON document_services TO yichuang_app"
    )


def downgrade() -> None:
    """Drop the table; papers count as not served then."""
    op.drop_table("document_services")
