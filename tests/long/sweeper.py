"""A process that turns colours and fires limits again and again until it is killed."""

import sys

from commands.jobs.colours import turn_due
from commands.jobs.timers import fire_due
from core.database import Database


def main() -> None:
    """Work as the jobs do, without a minute's rest between two looks."""
    database = Database(sys.argv[1])
    while True:
        turn_due(database)
        fire_due(database)


if __name__ == "__main__":
    main()
