"""What clerks, makers and window officers see: queues, and a case in every state of its parts."""

from dataclasses import replace
from uuid import uuid4

from playwright.sync_api import Page

from core.clock import now
from services import queue
from services.queue import TaskKey
from tests.browser.catalogue.prepared import COLLEAGUE, Prepared, Stage
from tests.browser.catalogue.states import FORM, State, Way, after, alike, press, send, unfold_all

REGISTRAR, WINDOW = "registrar", "window"


def task(
    name: str, path: str, who: str = REGISTRAR, way: Way | None = unfold_all, is_error: bool = False
) -> State:
    """A state of a task page, with every step unfolded."""
    return State(name=f"task-{name}", path=f"/tasks/{path}", who=who, way=way, is_error=is_error)


def claimed(name: str, case: str, by: str) -> State:
    """A task page whose task this person holds, for half an hour from each visit."""

    def ready(prepared: Prepared) -> None:
        at = now()
        task = TaskKey(key=prepared.cases[case], item_code="registration")
        with prepared.database.transaction() as session:
            queue.claim(session, Stage.of(prepared, at).person(by), task, uuid4(), at)

    return replace(task(name, f"{{{case}}}/registration"), ready=ready)


def tick_first(page: Page) -> None:
    """Tick one entry of the queue."""
    page.locator("[name=entry]").first.check(force=True)


def decide_on_an_old_page(page: Page) -> None:
    """Decide on a page that was drawn before somebody else did something."""
    unfold_all(page)
    form = page.locator("#step-approve")
    form.locator("[name=expected_version]").evaluate("(field) => { field.value = '0' }")
    with page.expect_navigation():
        form.locator("[type=submit]").first.click()


def press_act(act: str) -> Way:
    """Do this with what is ticked."""

    def way(page: Page) -> None:
        unfold_all(page)
        with page.expect_navigation():
            page.locator(f"#selection button[value={act}]").click()

    return way


STATES = (
    State(name="queue-registrar", path="/queue", who=REGISTRAR),
    State(name="queue-tax", path="/queue", who="tax"),
    State(name="queue-empty", path="/queue", who="queue-empty"),
    State(name="queue-nothing-fits", path="/queue?q=无此企业", who=REGISTRAR),
    State(name="queue-narrowed", path="/queue?sort=waiting&claimed=free", who=REGISTRAR),
    State(
        name="queue-nothing-ticked",
        path="/queue",
        who=REGISTRAR,
        way=press_act("claim"),
        is_error=True,
    ),
    State(
        name="queue-hand-over-to-nobody",
        path="/queue",
        who=REGISTRAR,
        way=after(tick_first, unfold_all, press_act("hand_over")),
        is_error=True,
    ),
    State(name="queue-maker", path="/queue", who="maker-jincheng"),
    task("to-accept", "{submitted}/registration"),
    task("papers", "{papers_sent}/registration"),
    task("resubmitted", "{resubmitted}/registration"),
    task("withdrawn", "{withdrawn}/registration", way=None),
    task("part-withdrawn", "{part_withdrawn}/bank_appointment", who="bank", way=None),
    task("seen-too-long-ago", "{accepted}/registration", way=decide_on_an_old_page, is_error=True),
    State(name="queue-returned", path="/queue/returned", who=REGISTRAR),
    State(name="queue-returned-none", path="/queue/returned", who="queue-empty"),
    State(name="queue-keys", path="/queue/keys", who=REGISTRAR),
    alike(task("late", "{submitted_late}/registration")),
    claimed("claimed", "submitted_mine", REGISTRAR),
    claimed("claimed-by-another", "submitted_taken", COLLEAGUE),
    task("returned", "{returned}/registration", way=None),
    task("in-review", "{accepted}/registration"),
    task("approved", "{licensed}/registration", way=None),
    task("refused", "{refused}/registration", way=None),
    task("to-pre-review", "{accepted}/tax", who="tax"),
    task("pre-reviewed", "{pre_reviewed}/tax", who="tax", way=None),
    task("filing", "{licensed}/tax", who="tax"),
    task("filing-approved", "{completed}/tax", who="tax", way=None),
    alike(task("filing-refused", "{partly_completed}/tax", who="tax", way=None)),
    task("staff", "{pre_reviewed}/staff_enrolment", who="human-resources"),
    alike(task("medical-insurance", "{licensed}/medical_insurance", who="medical-insurance")),
    alike(task("housing-fund", "{licensed}/housing_fund", who="housing-fund")),
    task("bank", "{licensed}/bank_appointment", who="bank"),
    alike(task("bank-approved", "{completed}/bank_appointment", who="bank", way=None)),
    task("police", "{delivered}/seals", who="police"),
    task("order-new", "{licensed}/seals", who="maker-jincheng"),
    task("order-coded", "{coded}/seals", who="maker-jincheng"),
    task("order-engraved", "{engraved}/seals", who="maker-jincheng"),
    alike(task("order-delivered", "{delivered}/seals", who="maker-jincheng", way=None)),
    task(
        "return-empty",
        "{submitted}/registration",
        way=send("#step-return"),
        is_error=True,
    ),
    alike(
        task("decline-empty", "{submitted}/registration", way=send("#step-decline"), is_error=True)
    ),
    task("refuse-empty", "{accepted}/registration", way=send("#step-refuse"), is_error=True),
    task(
        "bank-empty",
        "{licensed}/bank_appointment",
        who="bank",
        way=send("#step-approve"),
        is_error=True,
    ),
    task(
        "order-wrong-code",
        "{engraved}/seals",
        who="maker-jincheng",
        way=send("#step-deliver", recipient_name="王小明", delivery_code="000000"),
        is_error=True,
    ),
    State(name="counter", path="/counter", who=WINDOW),
    State(name="counter-start", path="/counter/start/business_start_up", who=WINDOW),
    State(
        name="counter-start-empty",
        path="/counter/start/business_start_up",
        who=WINDOW,
        way=send(FORM),
        is_error=True,
    ),
    State(name="counter-receive", path="/counter/receive", who=WINDOW),
    State(
        name="counter-receive-empty",
        path="/counter/receive",
        who=WINDOW,
        way=send(FORM),
        is_error=True,
    ),
    State(name="window-draft", path="/cases/{window_draft}", who=WINDOW),
    State(name="window-section", path="/cases/{window_draft}/form/company", who=WINDOW),
    State(name="window-check", path="/cases/{window_draft}/check", who=WINDOW),
    State(
        name="window-check-unsigned",
        path="/cases/{window_draft}/check",
        who=WINDOW,
        way=send(FORM + "[action$=check]"),
        is_error=True,
    ),
    State(name="window-on-phone", path="/cases/{window_on_phone}", who=WINDOW),
    State(name="window-on-phone-check", path="/cases/{window_on_phone}/check", who=WINDOW),
    State(
        name="window-qr-code",
        path="/cases/{window_draft}",
        who=WINDOW,
        way=press("form[action$=hand-over] button"),
    ),
    State(name="window-hand-over", path="/counter/{window_waiting}/hand-over", who=WINDOW),
    State(name="window-submitted", path="/cases/{window_submitted}", who=WINDOW),
    State(name="window-receipt", path="/cases/{window_submitted}/receipt", who=WINDOW),
    State(name="window-slip", path="/counter/{window_submitted}/slip", who=WINDOW),
    State(
        name="window-slip-link",
        path="/counter/{window_draft}/slip",
        who=WINDOW,
        way=press("form[action$=slip] button"),
    ),
    task("from-window", "{window_submitted}/registration"),
    task("another-departments", "{accepted}/registration", who="bank", way=None, is_error=True),
)
