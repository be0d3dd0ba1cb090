"""The catalogue of states is complete: no page is without a state."""

from collections import Counter

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from services import invariants
from tests.browser.catalogue import STATES
from tests.fixtures.site import Site

NO_PAGES = {
    "appearance.change": "sends back to the page that it was chosen on",
    "appearance.resize": "sends back to the page that it was chosen on",
    "audit.case_json": "a file",
    "calendars.days_file": "a file",
    "calendars.open_office": "sends to the page of the office",
    "draft_hand_overs.standing": "for scripts",
    "exports.file": "a file",
    "health.healthz": "for machines",
    "health.readyz": "for machines",
    "metrics.exposition": "for machines",
    "localisation.switch": "sends back to the page that it was chosen on",
    "materials.download": "a file",
    "materials.paper": "for scripts",
    "materials.picture": "a picture",
    "queue_selection.back_to_queue": "sends to the queue",
    "reports.as_csv": "a file",
    "reports.as_json": "a file",
    "savings.chart_picture": "a picture",
    "savings.report_json": "a file",
    "savings.rows_text": "a file",
    "sessions.state": "for scripts",
    "static": "files",
    "task_materials.download": "a file",
    "task_materials.picture": "a picture",
    "tasks.back_to_page": "sends to the page of the task",
    "times.chart": "a picture",
}
"""Addresses that answer with no page of their own."""


def test_every_page_of_the_service_is_in_the_catalogue(site: Site) -> None:
    addresses = site.app.url_map.bind("localhost")
    looked_at = set()
    for state in STATES:
        if state.ready is not None:
            state.ready(site.prepared)
        path = site.prepared.path(state.path).partition("?")[0]
        try:
            looked_at.add(addresses.match(path, method="GET")[0])
        except (RequestRedirect, HTTPException):
            continue
    pages = {
        rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or set())
    }

    missing = sorted(pages - looked_at - set(NO_PAGES))
    assert not missing, (
        "add a State for each of these pages to the module of who sees it in "
        f"tests/browser/catalogue/ (or say in NO_PAGES why it is none): {missing}"
    )


def test_no_case_in_whatever_stage_breaks_an_invariant_but_the_one_that_was_tampered_with(
    site: Site,
) -> None:
    with site.prepared.database.transaction() as session:
        runs = invariants.last_runs(session)

    assert {run.invariant.code: run.breach_count for run in runs if run.breach_count} == {
        "chains": 1
    }


def test_every_state_has_a_name_of_its_own() -> None:
    names = Counter(state.name for state in STATES)

    assert [name for name, times in names.items() if times > 1] == []
