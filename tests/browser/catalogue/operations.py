"""What operators see: the site of the tests has queues and jobs, and no worker that does them."""

from tests.browser.catalogue.states import State

STATES = (State(name="operations", path="/operations", who="operator"),)
