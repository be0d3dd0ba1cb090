"""Which fund pays for a saving, and burden saved in minutes, trips and pages."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OF_MONEY = ("payer", "tariff_code", "tariff_version")
"""What only a row of money has: burden has no payer and no price."""

MONEY_HAS_A_PRICE = """
    CASE WHEN commodity = 'CNY'
        THEN payer IS NOT NULL AND tariff_code IS NOT NULL AND tariff_version IS NOT NULL
        ELSE payer IS NULL AND tariff_code IS NULL AND tariff_version IS NULL
            AND fund_code IS NULL AND seal_id IS NULL
    END
"""


def upgrade() -> None:
    """Name the fund, let burden stand without payer and price, and find an entry by its id.

    The fund stays empty in rows that were posted before funds were named.
    """
    op.add_column("transfers", sa.Column("fund_code", sa.Text(), nullable=True))
    for name in OF_MONEY:
        op.alter_column("transfers", name, nullable=True)
    op.create_check_constraint("money_has_a_price", "transfers", MONEY_HAS_A_PRICE)
    op.create_index("ix_transfers_entry_id", "transfers", ["entry_id"], unique=False)


def downgrade() -> None:
    """Drop the fund; fails while burden is in the ledger, for it cannot be kept without."""
    op.drop_index("ix_transfers_entry_id", table_name="transfers")
    op.drop_constraint(op.f("ck_transfers_money_has_a_price"), "transfers")
    for name in OF_MONEY:
        op.alter_column("transfers", name, nullable=False)
    op.drop_column("transfers", "fund_code")
