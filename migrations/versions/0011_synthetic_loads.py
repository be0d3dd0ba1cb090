"""How far the synthetic cases of the demonstration are loaded."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a load; the application's role begins it and counts in it."""
    op.create_table(
        "synthetic_loads",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("anchor_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_version", sa.BigInteger(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("loaded", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_synthetic_loads")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON synthetic_loads TO yichuang_app")


def downgrade() -> None:
    """Forget how far it was; the cases stay."""
    op.drop_table("synthetic_loads")
