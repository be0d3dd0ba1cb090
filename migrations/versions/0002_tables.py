"""All tables, and what the application's role may do with each.

Events and transfers are append-only by privilege: the role that web and worker use may insert and
read them, nothing else. A trigger says so in words to whoever has more rights and tries.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("events", "transfers")
IMMUTABLE = ("definition_versions", "calendar_versions", "calendar_days", "tariffs")
CHANGING = (
    "cases",
    "case_answers",
    "tasks",
    "event_texts",
    "outputs",
    "seals",
    "seal_orders",
    "serials",
    "notices",
    "makers",
    "people",
    "person_grants",
)
PASSING = ("queue_entries", "attempts", "invitations", "sign_in_sessions")

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: mend a mistake by a new row that names the old one',
        TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$
"""


def upgrade() -> None:
    """Make every table, grant each right by name, and have the append-only tables say no."""
    make_tables()
    grant("SELECT, INSERT", *APPEND_ONLY, *IMMUTABLE)
    grant("SELECT, INSERT, UPDATE", *CHANGING)
    grant("SELECT, INSERT, UPDATE, DELETE", *PASSING)
    op.execute(REFUSE_CHANGE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def grant(rights: str, *tables: str) -> None:
    """Give the application's role ``rights`` on ``tables``."""
    op.execute(f"GRANT {rights} ON {', '.join(tables)} TO yichuang_app")


def make_tables() -> None:
    """Every table as the models have it."""
    op.create_table(
        "attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_at"), "attempts", ["at"], unique=False)
    op.create_index(
        "ix_attempts_kind_key_hash_at", "attempts", ["kind", "key_hash", "at"], unique=False
    )
    op.create_table(
        "calendar_versions",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("first_year", sa.BigInteger(), nullable=False),
        sa.Column("last_year", sa.BigInteger(), nullable=False),
        sa.Column("opens_at", sa.Text(), nullable=False),
        sa.Column("closes_at", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_calendar_versions")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_calendar_versions_code_version")),
    )
    op.create_table(
        "cases",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("thing_code", sa.Text(), nullable=False),
        sa.Column("definition_hash", sa.LargeBinary(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("submit_command_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("credit_code", sa.Text(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum("live", "synthetic", "imported", name="origin", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_act", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("district_code", "id", name=op.f("pk_cases")),
        sa.UniqueConstraint("district_code", "number", name=op.f("uq_cases_district_code_number")),
    )
    op.create_index("ix_cases_applicant_id", "cases", ["applicant_id"], unique=False)
    op.create_table(
        "definition_versions",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("flow", JSONB(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_definition_versions")),
    )
    op.create_index(
        op.f("ix_definition_versions_code"), "definition_versions", ["code"], unique=False
    )
    op.create_table(
        "makers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", JSONB(), nullable=False),
        sa.Column("address", JSONB(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("district_codes", JSONB(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_makers")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("account", name=op.f("uq_people_account")),
    )
    op.create_table(
        "queue_entries",
        sa.Column("handling_district_code", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("handler_code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_preparation", sa.Boolean(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("definition_hash", sa.LargeBinary(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_command_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint(
            "handling_district_code",
            "district_code",
            "case_id",
            "item_code",
            name=op.f("pk_queue_entries"),
        ),
    )
    op.create_index(
        "ix_queue_entries_next",
        "queue_entries",
        ["handling_district_code", "handler_code", "is_preparation", "due_at", "waiting_since"],
        unique=False,
    )
    op.create_table(
        "serials",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district_code", "series", name=op.f("pk_serials")),
    )
    op.create_table(
        "tariffs",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("market_price_fen", sa.BigInteger(), nullable=False),
        sa.Column("contract_price_fen", sa.BigInteger(), nullable=False),
        sa.Column("source", JSONB(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_tariffs")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("calendar_hash", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working_day", sa.Boolean(), nullable=False),
        sa.Column("name", JSONB(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_hash"],
            ["calendar_versions.hash"],
            name=op.f("fk_calendar_days_calendar_hash_calendar_versions"),
        ),
        sa.PrimaryKeyConstraint("calendar_hash", "day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "case_answers",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("typed", JSONB(), nullable=False),
        sa.Column("answers", JSONB(), nullable=True),
        sa.Column("commitment_key", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id"],
            ["cases.district_code", "cases.id"],
            name=op.f("fk_case_answers_district_code_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("district_code", "case_id", name=op.f("pk_case_answers")),
    )
    op.create_table(
        "events",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=True),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("command_id", sa.Uuid(), nullable=True),
        sa.Column("definition_hash", sa.LargeBinary(), nullable=False),
        sa.Column("calendar_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tariff_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id"],
            ["cases.district_code", "cases.id"],
            name=op.f("fk_events_district_code_cases"),
        ),
        sa.PrimaryKeyConstraint("district_code", "case_id", "number", name=op.f("pk_events")),
    )
    op.create_index(
        "uq_events_command_id",
        "events",
        ["district_code", "case_id", "command_id"],
        unique=True,
        postgresql_where="command_id IS NOT NULL",
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_invitations_person_id_people")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_person_id"), "invitations", ["person_id"], unique=False)
    op.create_table(
        "outputs",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("output_code", sa.Text(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id"],
            ["cases.district_code", "cases.id"],
            name=op.f("fk_outputs_district_code_cases"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "item_code", "output_code", name=op.f("pk_outputs")
        ),
    )
    op.create_table(
        "person_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("maker_code", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_grants_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_grants")),
    )
    op.create_index(
        op.f("ix_person_grants_person_id"), "person_grants", ["person_id"], unique=False
    )
    op.create_table(
        "seal_orders",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("maker_code", sa.Text(), nullable=False),
        sa.Column("delivery_code", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id"],
            ["cases.district_code", "cases.id"],
            name=op.f("fk_seal_orders_district_code_cases"),
        ),
        sa.PrimaryKeyConstraint("district_code", "case_id", name=op.f("pk_seal_orders")),
    )
    op.create_table(
        "seals",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("maker_code", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ordered",
                "coded",
                "engraved",
                "delivered",
                "filed",
                name="sealstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("engraved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id"],
            ["cases.district_code", "cases.id"],
            name=op.f("fk_seals_district_code_cases"),
        ),
        sa.PrimaryKeyConstraint("district_code", "case_id", "id", name=op.f("pk_seals")),
    )
    op.create_index("uq_seals_code", "seals", ["district_code", "code"], unique=True)
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sign_in_sessions_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_sessions_token_hash")),
    )
    op.create_index(
        op.f("ix_sign_in_sessions_expires_at"), "sign_in_sessions", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_sign_in_sessions_person_id"), "sign_in_sessions", ["person_id"], unique=False
    )
    op.create_table(
        "tasks",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("handling_district_code", sa.Text(), nullable=False),
        sa.Column("maker_code", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("core_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id"],
            ["cases.district_code", "cases.id"],
            name=op.f("fk_tasks_district_code_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("district_code", "case_id", "item_code", name=op.f("pk_tasks")),
    )
    op.create_table(
        "event_texts",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("commitment_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
            name=op.f("fk_event_texts_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "event_number", name=op.f("pk_event_texts")
        ),
    )
    op.create_table(
        "notices",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sentence", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
            name=op.f("fk_notices_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "event_number", name=op.f("pk_notices")
        ),
    )
    op.create_index("ix_notices_person_id", "notices", ["person_id"], unique=False)
    op.create_table(
        "transfers",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("savings_code", sa.Text(), nullable=False),
        sa.Column("debit_account", sa.Text(), nullable=False),
        sa.Column("credit_account", sa.Text(), nullable=False),
        sa.Column(
            "commodity",
            sa.Enum(
                "CNY", "MINUTE", "TRIP", "PAGE", name="commodity", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("tariff_code", sa.Text(), nullable=False),
        sa.Column("tariff_version", sa.BigInteger(), nullable=False),
        sa.Column("maker_code", sa.Text(), nullable=True),
        sa.Column("seal_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_event_number", sa.BigInteger(), nullable=True),
        sa.Column("reverses_line", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfers_amount_positive")),
        sa.CheckConstraint(
            "debit_account <> credit_account", name=op.f("ck_transfers_accounts_differ")
        ),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
            name=op.f("fk_transfers_district_code_events"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code", "case_id", "event_number", "line", name=op.f("pk_transfers")
        ),
    )
    op.create_index(
        "ix_transfers_posted_at", "transfers", ["district_code", "posted_at"], unique=False
    )


def downgrade() -> None:
    """Drop every table and the function."""
    op.drop_index("ix_transfers_posted_at", table_name="transfers")
    op.drop_table("transfers")
    op.drop_index("ix_notices_person_id", table_name="notices")
    op.drop_table("notices")
    op.drop_table("event_texts")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_sign_in_sessions_person_id"), table_name="sign_in_sessions")
    op.drop_index(op.f("ix_sign_in_sessions_expires_at"), table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.drop_index("uq_seals_code", table_name="seals")
    op.drop_table("seals")
    op.drop_table("seal_orders")
    op.drop_index(op.f("ix_person_grants_person_id"), table_name="person_grants")
    op.drop_table("person_grants")
    op.drop_table("outputs")
    op.drop_index(op.f("ix_invitations_person_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(
        "uq_events_command_id", table_name="events", postgresql_where="command_id IS NOT NULL"
    )
    op.drop_table("events")
    op.drop_table("case_answers")
    op.drop_table("calendar_days")
    op.drop_table("tariffs")
    op.drop_table("serials")
    op.drop_index("ix_queue_entries_next", table_name="queue_entries")
    op.drop_table("queue_entries")
    op.drop_table("people")
    op.drop_table("makers")
    op.drop_index(op.f("ix_definition_versions_code"), table_name="definition_versions")
    op.drop_table("definition_versions")
    op.drop_index("ix_cases_applicant_id", table_name="cases")
    op.drop_table("cases")
    op.drop_table("calendar_versions")
    op.drop_index("ix_attempts_kind_key_hash_at", table_name="attempts")
    op.drop_index(op.f("ix_attempts_at"), table_name="attempts")
    op.drop_table("attempts")
    op.execute("DROP FUNCTION refuse_change()")
