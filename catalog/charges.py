"""What an item may cost: nothing, unless a law or an administrative regulation says otherwise."""

import re
from collections.abc import Iterator

from pydantic import Field as Bounded

from catalog.source import Place
from core.text import Text
from workflows.process import Frozen

Found = Iterator[tuple[Place, Text]]

FREE = "不收费"
"""What the words about the cost of an item without a charge must say."""
_LAW = re.compile(r"《[^》]*(法|条例)》")


class Charge(Frozen):
    """A fee with the law that allows it (Administrative Licensing Law 58)."""

    amount_fen: int = Bounded(ge=1)
    legal_basis: Text


def charge_mistakes(place: Place, fee: Text, charge: Charge | None) -> Found:
    """Everything that is wrong with what an item costs, in words and in money."""
    is_free = FREE in fee.zh
    if charge is None and not is_free:
        yield (
            (*place, "fee"),
            Text(
                zh="不收费的事项要写“不收费”；收费的要写明金额和法律依据（charge）。"
                "《行政许可法》第五十八条：没有法律、行政法规的规定不得收费。",
                en="An item that costs nothing says so; one with a fee has a charge with amount"
                " and law. Nothing may be charged without a law or an administrative regulation"
                " (Administrative Licensing Law 58).",
            ),
        )
    if charge is not None and is_free:
        yield (
            (*place, "fee"),
            Text(zh="写了收费的金额，就不能写“不收费”。", en="It cannot be free and cost."),
        )
    if charge is not None and not _LAW.search(charge.legal_basis.zh):
        yield (
            (*place, "charge", "legal_basis"),
            Text(
                zh="收费只能依据法律或者行政法规，请写明《……法》或者《……条例》。",
                en="Only a law or an administrative regulation allows a fee: name it by its title.",
            ),
        )
