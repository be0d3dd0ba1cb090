"""What the savings ledger's codes mean, in words: accounts, payers, origins, makers."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.text import Text
from models.case import Origin
from models.definition import Maker
from services.door.posting import BENEFITS_GRANTED, CASH_AVOIDED, PUBLIC_COST

PUBLIC_BUDGET = "public_budget"

ACCOUNTS: Mapping[str, Text] = {
    CASH_AVOIDED: Text(zh="申请人少付的现金", en="Cash avoided by applicants"),
    BENEFITS_GRANTED: Text(zh="公共财政给予的实惠", en="Benefits granted by the public budget"),
    PUBLIC_COST: Text(zh="公共财政支出", en="Cost to the public budget"),
}
MAKER_PAYABLE = Text(zh="应付刻章企业：{maker}", en="Payable to the seal maker {maker}")
PAYERS: Mapping[str, Text] = {PUBLIC_BUDGET: Text(zh="公共财政", en="the public budget")}
ORIGINS: Mapping[Origin, Text] = {
    Origin.LIVE: Text(zh="在本系统办理的办件", en="Cases handled in this system"),
    Origin.SYNTHETIC: Text(
        zh="演示数据（合成，不是实际办件）", en="Demonstration data (synthetic, not real cases)"
    ),
    Origin.IMPORTED: Text(zh="导入的历史数据", en="Imported records of earlier cases"),
}
ORIGIN_TAGS: Mapping[Origin, Text] = {
    Origin.LIVE: Text(zh="本系统办理", en="Handled here"),
    Origin.SYNTHETIC: Text(zh="演示（合成）", en="Synthetic"),
    Origin.IMPORTED: Text(zh="历史导入", en="Imported"),
}
"""The same, short, for a table."""


def maker_names(session: Session) -> dict[str, Text]:
    """The name of every recorded seal maker, by code."""
    rows = session.execute(select(Maker.code, Maker.name))
    return {row.code: Text(zh=str(row.name["zh"]), en=str(row.name["en"])) for row in rows}


def account_label(account: str, makers: Mapping[str, Text]) -> Text:
    """The words for an account code; an unknown code speaks for itself."""
    if account in ACCOUNTS:
        return ACCOUNTS[account]
    kind, _, rest = account.partition(":")
    if kind == "makers":
        code = rest.partition(":")[0]
        return MAKER_PAYABLE.format(maker=maker_label(code, makers))
    return Text(zh=account, en=account)


def maker_label(code: str, makers: Mapping[str, Text]) -> Text:
    """The maker's name, or its code if no such maker is recorded."""
    return makers.get(code) or Text(zh=code, en=code)


def payer_label(code: str) -> Text:
    """The words for who bears an amount."""
    return PAYERS.get(code) or Text(zh=code, en=code)
