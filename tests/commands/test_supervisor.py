"""The supervisor keeps what should live alive, and lets go what has an end of its own."""

import os
import sys
import time

import pytest

from commands.supervisor import Supervisor


@pytest.mark.parametrize(("status", "is_told"), [(0, False), (3, True)])
def test_a_process_that_ends_by_itself_is_let_go_and_the_others_go_on(
    status: int, is_told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(dict(os.environ))
    supervisor.start("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
    supervisor.start_once("errand", [sys.executable, "-c", f"raise SystemExit({status})"])
    try:
        deadline = time.monotonic() + 20
        while len(supervisor.names()) > 1 and time.monotonic() < deadline:
            supervisor.look()
            time.sleep(0.01)
        assert supervisor.names() == ["sleeper"]
    finally:
        supervisor.stop()
    assert ("“errand”没有做完" in capsys.readouterr().err) is is_told
