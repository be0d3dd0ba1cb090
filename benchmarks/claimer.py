"""One clerk in a process of their own who claims the next case again and again.

``python -m benchmarks.claimer ADDRESS COUNT`` prints what was claimed and how long each took.
"""

import json
import sys
import time

from core.clock import now
from core.database import Database
from models.base import new_id
from services import demonstration, queue
from workflows.permissions import Actor, Grant, Role

DEPARTMENT = "market_regulation"


class Claimer:
    """A clerk of the accepting department."""

    def __init__(self, app_url: str) -> None:
        self._database = Database(app_url, pool_size=1)
        grant = Grant(
            role=Role.CLERK,
            district_code=demonstration.DISTRICT,
            department_code=DEPARTMENT,
        )
        self._actor = Actor(id=new_id(), name="clerk", grants=(grant,))

    def claim(self, count: int) -> tuple[list[str], list[float]]:
        """Claim so many in a row: the ids of the cases, and the milliseconds of each."""
        cases, times = [], []
        for _number in range(count):
            begun = time.perf_counter()
            with self._database.transaction() as session:
                found = queue.claim_next(session, self._actor, new_id(), now())
            times.append(1000 * (time.perf_counter() - begun))
            if found is None:
                raise RuntimeError("nothing waits")
            cases.append(str(found.key.case_id))
        return cases, times

    def close(self) -> None:
        """Leave the database."""
        self._database.dispose()


def main() -> None:
    """Claim, and tell it in JSON."""
    claimer = Claimer(sys.argv[1])
    cases, times = claimer.claim(int(sys.argv[2]))
    json.dump({"cases": cases, "milliseconds": times}, sys.stdout)


if __name__ == "__main__":
    main()
