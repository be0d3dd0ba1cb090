"""The clocks of tasks and cases: both limits, what runs out next, colours, numbered papers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CLOCK = (
    ("statutory_due_at", sa.DateTime(timezone=True)),
    ("first_due_at", sa.DateTime(timezone=True)),
    ("paused_at", sa.DateTime(timezone=True)),
    ("state_due_at", sa.DateTime(timezone=True)),
    ("timer_at", sa.DateTime(timezone=True)),
    ("calendar_hash", sa.LargeBinary()),
    ("colour", sa.Text()),
    ("next_colour", sa.Text()),
    ("next_colour_at", sa.DateTime(timezone=True)),
)
_OF_CASES = ("due_at", "handling_district_code", "withdrawal_asked_at")
_FIRM = ("cases", "due_provisional"), ("cases", "statutory_provisional")


def upgrade() -> None:
    """Columns that the door writes with every move, and the papers that an act issues."""
    for table in ("tasks", "cases"):
        for name, kind in _CLOCK:
            op.add_column(table, sa.Column(name, kind, nullable=True))
        for name in ("timer_at", "next_colour_at"):
            op.create_index(
                op.f(f"ix_{table}_{name}"),
                table,
                [name],
                postgresql_where=sa.text(f"{name} IS NOT NULL"),
            )
    op.add_column("cases", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("handling_district_code", sa.Text(), nullable=True))
    op.add_column(
        "cases", sa.Column("withdrawal_asked_at", sa.DateTime(timezone=True), nullable=True)
    )
    for table, name in (*_FIRM, ("tasks", "statutory_provisional")):
        op.add_column(
            table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.add_column("tasks", sa.Column("assigned_to", sa.Uuid(), nullable=True))
    op.add_column("queue_entries", sa.Column("assigned_to", sa.Uuid(), nullable=True))
    op.add_column("queue_entries", sa.Column("colour", sa.Text(), nullable=True))
    op.create_table(
        "documents",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
            name=op.f("fk_documents_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "event_number", name=op.f("pk_documents")
        ),
        sa.UniqueConstraint(
            "district_code", "number", name=op.f("uq_documents_district_code_number")
        ),
    )
    op.execute("GRANT SELECT, INSERT ON documents TO yichuang_app")


def downgrade() -> None:
    """Take the columns and the papers away; the events stay, from which clocks are folded."""
    op.drop_table("documents")
    op.drop_column("queue_entries", "colour")
    op.drop_column("queue_entries", "assigned_to")
    op.drop_column("tasks", "assigned_to")
    for table, name in (*_FIRM, ("tasks", "statutory_provisional")):
        op.drop_column(table, name)
    for name in _OF_CASES:
        op.drop_column("cases", name)
    for table in ("tasks", "cases"):
        for name, _kind in _CLOCK:
            op.drop_column(table, name)
