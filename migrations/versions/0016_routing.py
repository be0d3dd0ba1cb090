"""Routing between districts, modes of handling, hand-over packages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WAY = sa.Enum("online", "collected", "joint", name="way", native_enum=False, length=40)
CLOCK_FROM = sa.Enum("acceptance", "receipt", name="clockfrom", native_enum=False, length=40)
RESULTS_AT = sa.Enum("accepting", "deciding", name="resultsat", native_enum=False, length=40)
STATE = sa.Enum("sent", "received", "refused", name="packagestate", native_enum=False, length=40)


def upgrade() -> None:
    """Make the tables; of a route only its end may be written later, of a mode nothing."""
    make_modes()
    make_routes()
    make_packages()
    op.execute("GRANT SELECT, INSERT ON handling_modes, routes TO yichuang_app")
    op.execute("GRANT UPDATE (valid_until, ended_by) ON routes TO yichuang_app")
    op.execute("GRANT SELECT, INSERT ON hand_over_packages TO yichuang_app")
    op.execute(
        "GRANT UPDATE (state, settled_at, settled_by, found_hash, carrier, tracking_number,"
        " posted_on, arrived_on) ON hand_over_packages TO yichuang_app"
    )


def make_modes() -> None:
    """The modes of handling, a version for every wording."""
    op.create_table(
        "handling_modes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("label", JSONB(), nullable=False),
        sa.Column("description", JSONB(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("is_closed_list", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_handling_modes")),
    )


def make_routes() -> None:
    """Where what is handed in at one place is decided at another."""
    op.create_table(
        "routes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mode_code", sa.Text(), nullable=False),
        sa.Column("thing_code", sa.Text(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=True),
        sa.Column("accepting_codes", JSONB(), nullable=False),
        sa.Column("partner", JSONB(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("condition_words", JSONB(), nullable=True),
        sa.Column("deciding_code", sa.Text(), nullable=False),
        sa.Column("way", WAY, nullable=False),
        sa.Column("clock_from", CLOCK_FROM, nullable=False),
        sa.Column("results_at", RESULTS_AT, nullable=False),
        sa.Column("recognises_licences", sa.Boolean(), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_until", INSTANT, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_routes_ends_later")
        ),
        sa.CheckConstraint(
            "jsonb_array_length(accepting_codes) > 0", name=op.f("ck_routes_accepted_somewhere")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routes")),
    )
    op.create_index("ix_routes_thing_code", "routes", ["thing_code"], unique=False)


def make_packages() -> None:
    """What one office hands to another."""
    op.create_table(
        "hand_over_packages",
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("from_district_code", sa.Text(), nullable=False),
        sa.Column("from_department_code", sa.Text(), nullable=False),
        sa.Column("to_district_code", sa.Text(), nullable=False),
        sa.Column("to_department_code", sa.Text(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=True),
        sa.Column("way", WAY, nullable=False),
        sa.Column("clock_from", CLOCK_FROM, nullable=False),
        sa.Column("results_at", RESULTS_AT, nullable=False),
        sa.Column("needs_post", sa.Boolean(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("found_hash", sa.LargeBinary(), nullable=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_code", "case_id"],
            ["cases.district_code", "cases.id"],
            name=op.f("fk_hand_over_packages_district_code_cases"),
        ),
        sa.PrimaryKeyConstraint(
            "district_code",
            "case_id",
            "item_code",
            "number",
            name=op.f("pk_hand_over_packages"),
        ),
    )
    for side in ("to", "from"):
        op.create_index(
            f"ix_hand_over_packages_{side}",
            "hand_over_packages",
            [f"{side}_district_code", f"{side}_department_code", "sent_at"],
            unique=False,
        )


def downgrade() -> None:
    """Drop the three tables."""
    op.drop_table("hand_over_packages")
    op.drop_table("routes")
    op.drop_table("handling_modes")
