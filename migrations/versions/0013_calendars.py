"""Working calendars per office, with slots."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = """
    UPDATE calendar_versions SET number = counted.number, zone = 'Asia/Shanghai'
    FROM (
        SELECT hash,
            row_number() OVER (PARTITION BY code ORDER BY published_at, hash DESC) AS number
        FROM calendar_versions
    ) AS counted
    WHERE counted.hash = calendar_versions.hash
"""
NO_SLOTS = sa.text("'[]'::jsonb")


def upgrade() -> None:
    """Count the versions of each office, and let weekdays and single days have slots."""
    for name in ("number", "zone"):
        kind = sa.BigInteger() if name == "number" else sa.Text()
        op.add_column("calendar_versions", sa.Column(name, kind, nullable=True))
    op.execute(NUMBER)
    for name in ("number", "zone"):
        op.alter_column("calendar_versions", name, nullable=False)
    op.add_column("calendar_versions", sa.Column("published_by", sa.Uuid(), nullable=True))
    for table, name in (("calendar_versions", "week"), ("calendar_days", "slots")):
        op.add_column(table, sa.Column(name, JSONB(), nullable=False, server_default=NO_SLOTS))
        op.alter_column(table, name, server_default=None)
    op.create_unique_constraint(
        op.f("uq_calendar_versions_code_number"), "calendar_versions", ["code", "number"]
    )


def downgrade() -> None:
    """Drop what is new; fails to read calendars with slots rightly afterwards."""
    op.drop_constraint(op.f("uq_calendar_versions_code_number"), "calendar_versions")
    op.drop_column("calendar_days", "slots")
    for name in ("week", "published_by", "zone", "number"):
        op.drop_column("calendar_versions", name)
