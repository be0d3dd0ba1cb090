"""The page of the three rates."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.fixtures.world import World
from tests.views.test_savings import signed_in


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    return signed_in(app, "auditor")


def test_all_three_rates_stand_together_with_numbers_and_definitions(
    auditor: FlaskClient, world: World
) -> None:
    world.submitted()

    page = auditor.get("/rates?thing=business_start_up").text

    for words in ("可网办率", "全程网办率", "网上办件率", "8 ÷ 8", "7 ÷ 8", "1 ÷ 1", "87.5%"):
        assert words in page
    assert "银行开户预约" in page
    assert "可以在网上申请的事项数 ÷ 事项目录中的事项数" in page


def test_a_filter_that_cannot_be_read_is_told_beside_it(auditor: FlaskClient) -> None:
    answer = auditor.get("/rates?from=yesterday&channel=fax")

    assert answer.status_code == 422
    assert "没有这种办理渠道" in answer.text
    assert "先改正筛选条件" in answer.text
    assert "÷ 8" not in answer.text, "no figure that nobody asked for"
    assert 'value="yesterday"' in answer.text
