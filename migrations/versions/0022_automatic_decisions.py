"""Decisions without a hand: assessments, and the switches of offices."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Assessments, of which nothing but the overturning is ever added; switches; namesakes."""
    op.create_table(
        "automatic_assessments",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("thing_code", sa.Text(), nullable=False),
        sa.Column("handling_district_code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overturned_event_number", sa.BigInteger(), nullable=True),
        sa.Column("overturned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
            name=op.f("fk_automatic_assessments_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "event_number", name=op.f("pk_automatic_assessments")
        ),
    )
    op.create_index(
        "ix_automatic_assessments_office",
        "automatic_assessments",
        ["handling_district_code", "department_code", "thing_code", "item_code", "assessed_at"],
    )
    op.create_table(
        "automatic_switches",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("thing_code", sa.Text(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("share_permille", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "district_code",
            "department_code",
            "thing_code",
            "item_code",
            "number",
            name=op.f("pk_automatic_switches"),
        ),
    )
    op.create_index(
        "ix_cases_registered_title",
        "cases",
        ["title"],
        postgresql_where=sa.text("credit_code IS NOT NULL"),
    )
    op.execute("GRANT SELECT, INSERT ON automatic_assessments, automatic_switches TO yichuang_app")
    op.execute(
        "GRANT UPDATE (overturned_event_number, overturned_at) ON automatic_assessments "
        "TO yichuang_app"
    )


def downgrade() -> None:
    """Drop them; the events still say what rules decided."""
    op.drop_index("ix_cases_registered_title", "cases")
    op.drop_table("automatic_switches")
    op.drop_table("automatic_assessments")
