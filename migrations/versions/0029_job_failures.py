"""Why jobs failed, and what operators did about it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

FAILED_INDEX = "ix_failed_jobs"


def upgrade() -> None:
    """Two tables, and an index that finds the failed jobs among millions that were done."""
    op.create_table(
        "job_failures",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("error_class", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_failures")),
    )
    op.create_table(
        "job_repairs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("task_name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("repaired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_repairs")),
    )
    op.create_index("ix_job_repairs_task_name", "job_repairs", ["task_name", "repaired_at"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON job_failures TO yichuang_app")
    op.execute("GRANT SELECT, INSERT ON job_repairs TO yichuang_app")
    op.execute(
        f"CREATE INDEX {FAILED_INDEX} ON procrastinate.procrastinate_jobs (task_name, id)"
        " WHERE status = 'failed'::procrastinate.procrastinate_job_status"
    )


def downgrade() -> None:
    """Drop them; the failed jobs themselves stay."""
    op.execute(f"DROP INDEX procrastinate.{FAILED_INDEX}")
    op.drop_table("job_repairs")
    op.drop_table("job_failures")
