"""Reports that are asked for as a file and written by the worker."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a file that somebody asked for. People have no district, and neither has it."""
    op.create_table(
        "report_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_code", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("table_code", sa.Text(), nullable=True),
        sa.Column("filters", JSONB(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("failure_code", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("row_count", sa.BigInteger(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("holds_synthetic", sa.Boolean(), nullable=True),
        sa.Column("reach", JSONB(), nullable=True),
        sa.CheckConstraint(
            "state <> 'ready' OR content_hash IS NOT NULL",
            name=op.f("ck_report_exports_content_is_there"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_exports")),
        sa.UniqueConstraint(
            "asked_by", "command_id", name=op.f("uq_report_exports_asked_by_command_id")
        ),
    )
    op.create_index("ix_report_exports_asked_by", "report_exports", ["asked_by", "asked_at"])
    op.create_index("ix_report_exports_asked_at", "report_exports", ["asked_at"])
    op.create_index("ix_report_exports_content_hash", "report_exports", ["content_hash"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON report_exports TO yichuang_app")


def downgrade() -> None:
    """Drop the table; every file can be asked for again."""
    op.drop_table("report_exports")
