"""Marks of broken promises that count no more, because the revocation was set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row against each mark that is lifted; the mark itself stays, and neither is changed."""
    op.create_table(
        "lifted_credit_marks",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("marked_event_number", sa.BigInteger(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "marked_event_number"],
            [
                "credit_marks.district_code",
                "credit_marks.case_id",
                "credit_marks.event_number",
            ],
            name=op.f("fk_lifted_credit_marks_district_code_credit_marks"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
            name=op.f("fk_lifted_credit_marks_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code",
            "case_id",
            "marked_event_number",
            name=op.f("pk_lifted_credit_marks"),
        ),
    )
    op.execute("GRANT SELECT, INSERT ON lifted_credit_marks TO yichuang_app")


def downgrade() -> None:
    """Drop the table; the events of the chain still say what was lifted."""
    op.drop_table("lifted_credit_marks")
