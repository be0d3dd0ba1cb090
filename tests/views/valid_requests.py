"""For every route that takes a post: the page with its form, who opens it, and what they type.

Tests that send hostile input begin from these. A new route needs one more line in `VALID`: the
account, the page on which the form stands (or the ``address`` that a script sends to), and what is
typed. What the page itself would send, hidden ids included, is read from the page.
"""

from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient

from core.clock import now
from services import demonstration, invitations, notices, people
from services.people import NewPerson
from tests.fixtures import restaurants
from tests.fixtures.page_forms import PageForm, forms_of
from tests.fixtures.scene import APPLICANT, REGISTRAR, Scene
from tests.views.valid_calendars import CALENDARS
from tests.views.valid_exits import WAYS
from tests.views.valid_form import (
    ADMINISTRATOR,
    MAKER,
    NEW_PASSWORD,
    Prepared,
    Valid,
    case_page,
    endpoint_of,
    task_page,
)
from tests.views.valid_jobs import JOBS
from tests.views.valid_packages import PACKAGES
from tests.views.valid_persons import DESK, HEAD, PERSONS
from tests.views.valid_repairs import REPAIRS
from tests.views.valid_routing import ROUTING
from tests.views.valid_supervision import SUPERVISION
from tests.views.valid_visits import VISITS
from workflows.permissions import Grant, Role


def _section(scene: Scene, section: str) -> Valid:
    return Valid(APPLICANT, case_page(scene.draft(), f"/form/{section}"))


def _switch(scene: Scene) -> Valid:
    page = f"/automatic-decisions/{DESK.code}/business_start_up/registration"
    return Valid(HEAD, page, {"state": "on", "share_permille": "50", "reason": "条件成熟"})


def _autosave(scene: Scene) -> Valid:
    page = case_page(scene.draft(), "/form/company")
    return Valid(APPLICANT, page, form_of="applications.save", address=f"{page}/autosave")


def _invitation(scene: Scene) -> Valid:
    at = now()
    new = NewPerson(
        account=f"newcomer.{scene.another()['suffix']}",
        name="赵敏",
        grants=(Grant(role=Role.ADMINISTRATOR),),
    )
    with scene.database.transaction() as session:
        link = invitations.invite(session, people.create(session, new, at), at)
    typed = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    return Valid(None, f"/invitations/{link.token}", typed)


def _claimed(scene: Scene) -> Valid:
    page = task_page(scene.accepted())
    answer = scene.browser(REGISTRAR).post(f"{page}/claim")
    assert answer.status_code == 303, answer.text
    return Valid(REGISTRAR, page)


def _delivery(scene: Scene) -> Valid:
    key = scene.engraved()
    typed = {
        "deliver-recipient_name": "王小明",
        "deliver-delivery_code": scene.world.delivery_code(key),
    }
    return Valid(MAKER, task_page(key, "seals"), typed, step="step-deliver")


def _return(scene: Scene) -> Valid:
    typed = {
        "return-reason": "请改好再交。",
        "place-0-path": "company.trade_name",
        "place-0-reason": "字号与他人相同。",
    }
    return Valid(REGISTRAR, task_page(scene.submitted()), typed, step="step-return")


def _decision_draft(scene: Scene) -> Valid:
    valid = _return(scene)
    return replace(valid, address=f"{valid.page}/return/draft?of=case", form_of="tasks.take_step")


def _noticed(scene: Scene) -> Valid:
    key = scene.submitted()
    with scene.database.transaction() as session:
        notices.tell(session, key.district_code, key.case_id, [1], now())
    return Valid(APPLICANT, "/cases")


def _staff(scene: Scene) -> Valid:
    typed = {
        "role": "clerk",
        "account": f"staff.{scene.another()['suffix']}",
        "name": "赵敏",
        "district": "620102",
        "department": "tax",
    }
    return Valid(ADMINISTRATOR, "/people/new", typed)


def _sign_up(scene: Scene) -> Valid:
    typed = {
        "account": f"138{scene.another()['suffix']:08d}",
        "name": "李雷",
        "password": NEW_PASSWORD,
        "again": NEW_PASSWORD,
    }
    return Valid(None, "/sign-up", typed)


def _staff_line(scene: Scene, *, is_disabled: bool) -> Valid:
    """The line of a clerk in the list of accounts, open or closed."""
    with scene.database.transaction() as session:
        person = people.find(session, "tax", now())
        if is_disabled:
            people.disable(session, person.id, now(), by=scene.actor(ADMINISTRATOR).id)
        else:
            people.enable(session, person.id)
    return Valid(ADMINISTRATOR, "/people?account=tax")


def _password(scene: Scene) -> Valid:
    other = f"{NEW_PASSWORD} again"
    typed = {"present": NEW_PASSWORD, "password": other, "again": other}
    return Valid(None, "/account", typed, client=_newcomer(scene))


def _newcomer(scene: Scene) -> FlaskClient:
    """The browser of an applicant who signed up a moment ago."""
    newcomer, client = _sign_up(scene), scene.browser(None)
    assert client.post(newcomer.page, data=newcomer.typed).status_code == 303
    return client


def _in_place(scene: Scene) -> Valid:
    client, account = scene.browser(None), f"139{scene.another()['suffix']:08d}"
    new = {"account": account, "name": "李雷", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert client.post("/sign-up", data=new).status_code == 303
    owner = client.get("/session").get_json()["owner"]
    typed = {"account": account, "password": NEW_PASSWORD, "owner": owner}
    return Valid(None, "/account", typed, client=client, address="/session")


def _resumed(scene: Scene) -> Valid:
    """A page that met a closed door: its person signs in on the answer."""
    page = f"{case_page(scene.draft())}/form/company"
    client = scene.browser_of(APPLICANT)
    form = next(each for each in forms_of(client.get(page).text) if each.action == page)
    client.post("/sign-out")
    headers = {"Sec-Fetch-Site": "same-origin"}
    refused = client.post(page, data=dict(form.fields), headers=headers)
    assert refused.status_code == 401
    typed = {"account": APPLICANT, "password": demonstration.PASSWORD}
    return Valid(None, page, typed, client=client, html=refused.text)


def _selection(scene: Scene) -> Valid:
    key = scene.accepted()
    entry = f"{key.district_code}/{key.case_id}/registration"
    return Valid(REGISTRAR, "/queue", {"entry": entry, "act": "claim"}, step="selection")


SIGN_IN = {"account": REGISTRAR, "password": demonstration.PASSWORD}
PROFILE = {"name": "演示申请人", "locale": "zh"}


def _extension(scene: Scene) -> Valid:
    key = restaurants.asking_for_time(scene.world, scene.another()["suffix"])
    page = f"/extensions/{key.district_code}/{key.case_id}"
    return Valid("government", page, {"decision": "agree", "reason": "情况属实，同意延长。"})


VALID: dict[str, Callable[[Scene], Valid]] = {
    "case_extensions.answer": _extension,
    **VISITS,
    **WAYS,
    **PACKAGES,
    **PERSONS,
    "automatic_decisions.switch": _switch,
    **CALENDARS,
    **JOBS,
    **ROUTING,
    **SUPERVISION,
    **REPAIRS,
    "account.end_sessions": lambda scene: Valid(None, "/account", client=_newcomer(scene)),
    "account.password": _password,
    "account.profile": lambda scene: Valid(APPLICANT, "/account", PROFILE),
    "accounts.invitation": _invitation,
    "accounts.sign_in": lambda scene: Valid(None, "/sign-in", SIGN_IN),
    "accounts.sign_out": lambda scene: Valid(None, "/account", client=_newcomer(scene)),
    "accounts.sign_up": _sign_up,
    "applications.autosave": _autosave,
    "applications.save company": lambda scene: _section(scene, "company"),
    "applications.save shareholders": lambda scene: _section(scene, "shareholders"),
    "applications.submit": lambda scene: Valid(APPLICANT, case_page(scene.draft(), "/check")),
    "cases.mark_notices_read": _noticed,
    "decision_drafts.save": _decision_draft,
    "drafts.delete": lambda scene: Valid(APPLICANT, case_page(scene.draft(), "/delete")),
    "exports.ask": lambda scene: Valid("auditor", "/savings"),
    "guides.begin": lambda scene: Valid(
        APPLICANT, "/guide/business_start_up/start", {"district_code": "620102"}
    ),
    "people.create": _staff,
    "people.disable": lambda scene: _staff_line(scene, is_disabled=False),
    "people.enable": lambda scene: _staff_line(scene, is_disabled=True),
    "people.invite": lambda scene: _staff_line(scene, is_disabled=False),
    "queue.take_next": lambda scene: _with_work(scene),
    "queue_keys.change": lambda scene: Valid(REGISTRAR, "/queue/keys"),
    "queue_selection.act": _selection,
    "sessions.begin": _in_place,
    "sessions.extend": lambda scene: Valid(
        None, "/account", client=_newcomer(scene), address="/account/session/extend"
    ),
    "sessions.resume": _resumed,
    "tasks.still_here": lambda scene: Valid(
        REGISTRAR, "", address=f"{task_page(scene.accepted())}/presence"
    ),
    "withdrawals.withdraw": lambda scene: Valid(
        APPLICANT, case_page(scene.accepted(), "/withdraw"), {"confirmed": "yes"}
    ),
    "withdrawals.withdraw_part": lambda scene: Valid(
        APPLICANT,
        case_page(scene.engraved(), "/parts/bank_appointment/withdraw"),
        {"confirmed": "yes"},
    ),
    "tasks.claim": lambda scene: Valid(REGISTRAR, task_page(scene.accepted())),
    "tasks.hand_back": _claimed,
    "tasks.take_step return": _return,
    "tasks.take_step deliver": _delivery,
    "tasks.take_step approve": lambda scene: Valid(
        REGISTRAR, task_page(scene.accepted()), step="step-approve"
    ),
}
"""By endpoint, and a word where one endpoint has several kinds of form."""


def _with_work(scene: Scene) -> Valid:
    scene.accepted()
    return Valid(REGISTRAR, "/queue")


def prepare(scene: Scene, name: str) -> Prepared:
    """Open the page of ``VALID[name]`` and fill in its form; nothing is sent yet."""
    scene.fresh()
    valid = VALID[name](scene)
    client = valid.client or scene.browser(valid.account)
    form = _form(scene.app, client, valid, name)
    fields = [each for each in form.fields if each[0] not in valid.typed]
    fields += list(valid.typed.items())
    headers = {"Accept": "application/json"} if valid.address else {}
    address = valid.address or form.action or valid.page
    return Prepared(client, address, fields, form, headers, valid.files)


def _form(app: Flask, client: FlaskClient, valid: Valid, name: str) -> PageForm:
    """The form of the page that posts to the endpoint; for a script's own fields one of them."""
    if valid.address and not valid.form_of:
        return PageForm(valid.address, "post", fields=list(valid.typed.items()))
    html, endpoint = valid.html, valid.form_of or name.split()[0]
    if not html:
        page = client.get(valid.page)
        assert page.status_code == 200, f"{name}: {valid.page} is {page.status_code}"
        html = page.text
    for form in forms_of(html):
        is_it = endpoint_of(app, form.action or valid.page) == endpoint
        if is_it and form.method == "post" and form.id.startswith(valid.step):
            missing = [each for each in valid.typed if f'name="{each}"' not in html]
            assert not missing, f"{name}: the page has no {missing}"
            return form
    raise AssertionError(f"{name}: {valid.page} has no form that posts there")
