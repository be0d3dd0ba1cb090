"""Tables of the counter, and what the application's role may do with each."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SIDE = sa.Enum("window", "applicant", name="side", native_enum=False, length=40)
CHANNEL = sa.Enum("online", "window", name="channel", native_enum=False, length=40)


def upgrade() -> None:
    """Cases get their channel; visits, locks and hand-overs get their tables."""
    op.add_column("cases", sa.Column("channel", CHANNEL, server_default="online", nullable=False))
    op.add_column("cases", sa.Column("taken_by", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_cases_window",
        "cases",
        ["district_code", "created_at"],
        unique=False,
        postgresql_where="channel = 'window'",
    )
    make_visits()
    make_locks()
    make_hand_overs()
    op.execute("GRANT SELECT, INSERT, UPDATE ON counter_visits, draft_locks TO yichuang_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON draft_hand_overs TO yichuang_app")


def make_visits() -> None:
    """What an officer saw and was told at the window."""
    op.create_table(
        "counter_visits",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("document_kind", sa.Text(), nullable=False),
        sa.Column("agent_name", sa.Text(), nullable=True),
        sa.Column("agent_relation", sa.Text(), nullable=True),
        sa.Column("is_brought", sa.Boolean(), nullable=False),
        sa.Column("made_account", sa.Boolean(), nullable=False),
        sa.Column("confirmed_submission_id", sa.Uuid(), nullable=True),
        of_a_case("counter_visits"),
        sa.PrimaryKeyConstraint("district_code", "case_id", "id", name=op.f("pk_counter_visits")),
    )
    op.create_index("ix_counter_visits_officer_id", "counter_visits", ["officer_id", "id"])


def make_locks() -> None:
    """Who may type in a draft now."""
    op.create_table(
        "draft_locks",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        of_a_case("draft_locks"),
        sa.PrimaryKeyConstraint("district_code", "case_id", name=op.f("pk_draft_locks")),
    )


def make_hand_overs() -> None:
    """One-time links and codes between window and phone."""
    op.create_table(
        "draft_hand_overs",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("to_side", SIDE, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grant_hash", sa.LargeBinary(), nullable=True),
        sa.Column("grant_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        of_a_case("draft_hand_overs"),
        sa.PrimaryKeyConstraint("district_code", "case_id", "id", name=op.f("pk_draft_hand_overs")),
    )
    for column in ("token_hash", "code_hash"):
        op.create_index(f"ix_draft_hand_overs_{column}", "draft_hand_overs", [column], unique=False)
    op.create_index(
        "ix_draft_hand_overs_grant_hash", "draft_hand_overs", ["district_code", "grant_hash"]
    )


def of_a_case(table: str) -> sa.ForeignKeyConstraint:
    """The two columns that say of which case a row is."""
    return sa.ForeignKeyConstraint(
        ["district_code", "case_id"],
        ["cases.district_code", "cases.id"],
        name=op.f(f"fk_{table}_district_code_cases"),
    )


def downgrade() -> None:
    """Drop what was made."""
    for table in ("draft_hand_overs", "draft_locks", "counter_visits"):
        op.drop_table(table)
    op.drop_index("ix_cases_window", table_name="cases", postgresql_where="channel = 'window'")
    op.drop_column("cases", "taken_by")
    op.drop_column("cases", "channel")
