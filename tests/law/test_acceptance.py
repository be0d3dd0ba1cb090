"""Administrative Licensing Law, article 32: what happens to an application when it arrives."""

import pytest

from core.errors import RuleViolatedError
from tests.fixtures.law import LegalWorld
from tests.fixtures.world import clerk_of

REGISTRAR = clerk_of("market_regulation")


def test_article_32_1_who_needs_no_licence_is_told_so_at_once(law: LegalWorld) -> None:
    key = law.company("2026-09-18 10:00")
    law.act(REGISTRAR, key, "decline", reason="经营这些项目不用许可。", reason_code="not_needed")

    told = law.told(key)
    assert told.state == "not_accepted"
    assert told.reason == "经营这些项目不用许可。"
    assert told.legal_basis is not None
    assert "第三十二条第一款第（一）项" in told.legal_basis.zh


def test_article_32_2_who_came_to_the_wrong_body_is_told_where_to_go(law: LegalWorld) -> None:
    key = law.company("2026-09-18 10:00")

    with pytest.raises(RuleViolatedError):  # not without saying where
        law.act(REGISTRAR, key, "decline", reason_code="not_ours")
    law.act(REGISTRAR, key, "decline", reason="请向城关区窗口申请。", reason_code="not_ours")

    told = law.told(key)
    assert told.reason == "请向城关区窗口申请。"
    assert told.legal_basis is not None
    assert "第三十二条第一款第（二）项" in told.legal_basis.zh
