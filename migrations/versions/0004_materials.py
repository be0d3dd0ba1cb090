"""The files of materials, and what the application's role may do with them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of files; its rows may be erased."""
    op.create_table(
        "material_files",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("material_code", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("page_count", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "received", "checked", "refused", name="filestate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("refusal", JSONB(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_event_number", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state = 'refused' OR content_hash IS NOT NULL",
            name=op.f("ck_material_files_content_is_there"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id"],
            ["cases.district_code", "cases.id"],
            name=op.f("fk_material_files_district_code_cases"),
        ),
        sa.PrimaryKeyConstraint("district_code", "case_id", "id", name=op.f("pk_material_files")),
    )
    op.create_index("ix_material_files_content_hash", "material_files", ["content_hash"])
    op.create_index(
        "ix_material_files_received_at",
        "material_files",
        ["received_at"],
        postgresql_where="state = 'received'",
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON material_files TO yichuang_app")


def downgrade() -> None:
    """Drop the table; the files themselves are swept."""
    op.drop_table("material_files")
