"""Tables of those who work the queue, and what the application's role may do with each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who has a task open, and what officers typed for a step that is not taken yet."""
    op.create_table(
        "presences",
        sa.Column("handling_district_code", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "handling_district_code",
            "district_code",
            "case_id",
            "item_code",
            "person_id",
            name=op.f("pk_presences"),
        ),
    )
    op.create_table(
        "decision_drafts",
        sa.Column("handling_district_code", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("step_code", sa.Text(), nullable=False),
        sa.Column("typed", JSONB(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "handling_district_code",
            "district_code",
            "case_id",
            "item_code",
            "person_id",
            "step_code",
            name=op.f("pk_decision_drafts"),
        ),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON presences, decision_drafts TO yichuang_app")


def downgrade() -> None:
    """Drop both tables; nothing that counts is in them."""
    op.drop_table("decision_drafts")
    op.drop_table("presences")
