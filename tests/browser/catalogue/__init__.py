"""Every page in every state: what people may come to see, and the way there.

A new page gets a line in the module of who sees it; a new kind of case gets a stage in
``prepared.py``. tests/browser/test_catalogue.py says which page is missing.
"""

from tests.browser.catalogue import (
    applicants,
    extensions,
    figures,
    officers,
    offices,
    operations,
    packages,
    persons,
    refusals,
    restaurants,
    rules,
    savings,
    strangers,
    supervision,
    ways,
    ways_ended,
)
from tests.browser.catalogue.states import State

STATES: tuple[State, ...] = (
    *strangers.STATES,
    *applicants.STATES,
    *officers.STATES,
    *offices.STATES,
    *operations.STATES,
    *packages.STATES,
    *extensions.STATES,
    *restaurants.STATES,
    *rules.STATES,
    *persons.STATES,
    *figures.STATES,
    *savings.STATES,
    *ways.STATES,
    *ways_ended.STATES,
    *refusals.STATES,
    *supervision.STATES,
)
