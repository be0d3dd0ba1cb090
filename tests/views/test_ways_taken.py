"""What pages say once a way out was taken: to its applicant, and to the officers after it."""

import pytest
from flask.testing import FlaskClient

from tests.browser.catalogue.prepared import APPLICANT
from tests.fixtures.page_forms import forms_of
from tests.fixtures.site import Site
from tests.views.valid_routing import ROUTE


def read(site: Site, who: str, path: str) -> str:
    """A page as somebody reads it, in Chinese."""
    return signed_in(site, who).get(site.prepared.path(path)).get_data(as_text=True)


def signed_in(site: Site, who: str) -> FlaskClient:
    client = site.app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"], kept["locale"] = site.token(who), "zh"
    return client


def test_a_case_that_is_reopened_names_again_what_must_be_completed(site: Site) -> None:
    page = read(site, APPLICANT, "/cases/{lapsed_reopened}")

    assert "平面图上有冷食专间，表里没有勾选。" in page
    assert "请勾选冷食专间，并核对其他专间。" in page


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("lapsed", "这一件视为放弃申请"),
        ("withdrawal_declined", "您的撤回申请没有得到同意"),
        ("promise_lapsed", "逾期未交：食品安全规章制度"),
        ("pre_checked", "已经通过预审"),
    ],
)
def test_the_page_of_a_case_tells_what_was_decided_about_the_whole(
    site: Site, case: str, words: str
) -> None:
    assert words in read(site, APPLICANT, f"/cases/{{{case}}}")


def test_a_part_that_was_revoked_is_not_counted_as_done(site: Site) -> None:
    page = read(site, APPLICANT, "/cases/{licence_revoked}")

    assert "共 6 项，已办好 3 项。" in page
    assert "没有办成 1 项" in page


def test_an_officer_reads_first_what_the_applicant_asked_and_did(site: Site) -> None:
    asked = read(site, "registrar", "/tasks/{hearing_asked}/food_licence")
    reported = read(site, "fire", "/tasks/{commitment_reported}/fire_check")

    assert "提出“要求听证”，请答复：“决定听证（停止计时）”或者“不予听证”" in asked
    assert "办理了“报告改正完成”，请接着办理" in reported


def test_what_stands_still_is_never_called_late(site: Site) -> None:
    officer = read(site, "registrar", "/tasks/{hearing_held}/food_licence")
    applicant = read(site, APPLICANT, "/cases/{hearing_held}")
    head, part = officer.partition("谁在办")[0], applicant.partition("食品经营许可</a>")[2]

    for page in (head, part.partition("</li>")[0]):
        assert "停止计时" in page
        assert "超期" not in page


def test_a_route_that_begins_at_once_can_be_looked_at_before_it_is_added(site: Site) -> None:
    client = signed_in(site, "administrator")
    form = {name: value for name, value in ROUTE.items() if name != "confirmed"}
    page = client.get("/routing/routes/new").get_data(as_text=True)
    token = next(
        dict(each.fields)["csrf_token"] for each in forms_of(page) if each.method == "post"
    )

    answer = client.post("/routing/routes/new", data=form | {"csrf_token": token})

    assert answer.status_code == 200
    assert "不能从过去开始" not in answer.get_data(as_text=True)
