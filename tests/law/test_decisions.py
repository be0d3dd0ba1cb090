"""Administrative Licensing Law, articles 34, 38, 40, 44 and 58: how it is decided."""

import pytest

from core.errors import RuleViolatedError
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
