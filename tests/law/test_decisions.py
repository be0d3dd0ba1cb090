"""Administrative Licensing Law, articles 34, 38, 40, 44 and 58: how it is decided."""

import pytest

from catalog import registry
from catalog.charges import Charge, charge_mistakes
from core.errors import RuleViolatedError
from core.text import Text
from tests.fixtures.law import LegalWorld
from tests.fixtures.world import clerk_of

REGISTRAR = clerk_of("market_regulation")


def test_article_38_a_refusal_has_reasons_and_says_how_it_may_be_reviewed(law: LegalWorld) -> None:
    key = law.company("2026-09-18 10:00")
    law.act(REGISTRAR, key, "accept")

    with pytest.raises(RuleViolatedError):
        law.act(REGISTRAR, key, "refuse", "registration", reason=" ")
    law.act(REGISTRAR, key, "refuse", "registration", reason="字号与同行业企业相同。")

    part = law.part(key, "registration")
    assert part.reason == "字号与同行业企业相同。"
    assert part.remedy is not None
    assert "60 日" in part.remedy.zh  # Administrative Reconsideration Law, article 20
    assert "6 个月" in part.remedy.zh  # Administrative Litigation Law, article 46


def test_article_58_nothing_is_charged_without_a_law_that_allows_it() -> None:
    free, ten = Text(zh="不收费", en="Free"), Text(zh="每件 10 元", en="10 yuan")
    local = Text(zh="某市办法第三条", en="A city's rules, article 3")
    law = Text(zh="《某某法》第三条", en="Some law, article 3")

    assert sentences(free, None) == []
    assert len(sentences(ten, None)) == 1
    assert len(sentences(ten, Charge(amount_fen=1000, legal_basis=local))) == 1
    assert sentences(ten, Charge(amount_fen=1000, legal_basis=law)) == []
    for thing in registry.catalogue().things.values():
        assert not [item.code for item in thing.items if item.charge]


def sentences(fee: Text, charge: Charge | None) -> list[Text]:
    """What the loader says against a fee."""
    return [sentence for _place, sentence in charge_mistakes((), fee, charge)]
