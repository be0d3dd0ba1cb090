"""Every state in both languages, at both widths, by day, by night and in large text, and samples.

One round looks at all of it, in an order of chance, so that a run that is too short for a round
looks at other parts each time. SEED repeats an order.
"""

from collections import Counter

import pytest
from playwright.sync_api import Browser

from tests.browser.catalogue import STATES
from tests.browser.catalogue.states import State
from tests.browser.looking import LANGUAGES, LOOKS, SAMPLES, SWITCHED, WIDTHS, Eyes, look_at
from tests.fixtures.long_runs import LongRun
from tests.fixtures.site import Site

pytestmark = pytest.mark.long

Visit = tuple[State, str, int]
VISITS: list[Visit] = [
    (state, language, width) for state in STATES for language in LANGUAGES for width in WIDTHS
]
MANY = 60
"""Visits before everybody signs in anew, since sessions run out."""


def test_nothing_is_wrong_with_any_state_seen_in_any_way(
    browser: Browser, site: Site, long_run: LongRun
) -> None:
    eyes, faults, seen = Eyes(browser, site), [], Counter[str]()
    rounds = 0
    while long_run.goes_on():
        visits = long_run.chance.sample(VISITS, len(VISITS))
        for number, visit in enumerate(visits):
            if not long_run.goes_on():
                break
            if number % MANY == 0:
                eyes.close()
            faults += look_in_every_way(eyes, visit, seen)
        rounds += 1
    eyes.close()
    print(  # noqa: T201 -- the result
        f"{rounds} rounds; {len(seen)} of {len(STATES) * len(LOOKS + SAMPLES)} looks and samples "
        f"seen, {sum(seen.values())} times in all; {len(faults)} faults"
    )
    assert not faults, "\n".join([f"SEED={long_run.seed}", *faults])


def look_in_every_way(eyes: Eyes, visit: Visit, seen: Counter[str]) -> list[str]:
    """Open a state once, and look at it by day, by night, enlarged, and as one of the samples."""
    state, language, width = visit
    looks = [look for look in LOOKS + SAMPLES if (look.language, look.width) == (language, width)]
    page = eyes.open(state, looks[0])
    faults = []
    for look in looks:
        if look.appearance == SWITCHED:
            eyes.open(state, look)
        else:
            eyes.put_on(page, look)
        faults += look_at(page, state, look)
        seen[f"{state.name} {look}"] += 1
    return faults
