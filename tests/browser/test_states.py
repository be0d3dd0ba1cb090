"""A sixth of all states, by their names, each in one look: what five minutes have room for.

Every state in every language, width and appearance is in tests/long/test_matrix.py.
"""

import zlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.catalogue import STATES
from tests.browser.catalogue.states import State
from tests.browser.looking import LOOKS, SAMPLES, Eyes, Look
from tests.fixtures.site import Site

pytestmark = pytest.mark.browser

SHARE = 6
"""One state in so many is looked at here."""


@pytest.fixture(scope="module")
def eyes(browser: Browser, site: Site) -> Iterator[Eyes]:
    eyes = Eyes(browser, site)
    yield eyes
    eyes.close()


def look_of(state: State) -> Look:
    """One look for each state, always the same, and each look for many states."""
    looks = LOOKS + SAMPLES
    return looks[zlib.crc32(state.name.encode()) % len(looks)]


def has_its_turn(state: State) -> bool:
    """Always the same sixth; a state keeps its turn whatever is added beside it."""
    return zlib.crc32(state.name[::-1].encode()) % SHARE == 0


QUICK = [state for state in STATES if not state.is_alike and has_its_turn(state)]


@pytest.mark.parametrize("state", QUICK, ids=[state.name for state in QUICK])
def test_nothing_is_wrong_with_this_state(eyes: Eyes, state: State) -> None:
    faults = eyes.faults(state, look_of(state))

    assert not faults, "\n".join(faults)
