"""Viewflow on the job: tasks move as its own views move them, under its own lock.

Its tasks are the application's tasks and queue, so that those rows of the floor are left out; the
other rows are written with the floor's statements, which cost less than Django's own.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

from benchmarks.contender import serve
from benchmarks.floor import OPTIONS, PREPARE_AFTER
from benchmarks.peers.job import CLAIM, DRAFT, STEPS, SUBMIT
from benchmarks.plain_sql import Case, load, new_case

urlpatterns: list[Any] = []


def prepare(superuser_url: str) -> None:
    """Set Django up for one database."""
    parts = conninfo_to_dict(superuser_url)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts["dbname"],
        "USER": parts["user"],
        "HOST": parts["host"],
        "PORT": parts["port"],
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "options": OPTIONS.replace("yichuang_app", "postgres"),
            "prepare_threshold": PREPARE_AFTER,
        },
    }
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "viewflow",
            "viewflow.workflow",
            "benchmarks.peers.company",
        ],
        # Tables straight from the models, so that ours may build on theirs.
        MIGRATION_MODULES={"auth": None, "contenttypes": None, "viewflow": None},
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SECRET_KEY=secrets.token_hex(),
        ROOT_URLCONF=__name__,
    )
    django.setup()


class Viewflow:
    """The contender."""

    def __init__(self, superuser_url: str, plan: Path) -> None:
        prepare(superuser_url)
        from django.contrib.auth.models import User
        from django.core.management import call_command
        from viewflow.workflow.models import Task

        from benchmarks.peers.company.flows import CompanyFlow

        call_command("migrate", run_syncdb=True, verbosity=0)
        self._plan = load(plan).without("tasks", "queue_entries")
        self._flow, self._tasks = CompanyFlow, Task.objects
        self._user = User.objects.create(username="officer")

    def run(self, first: int, count: int) -> None:
        """Open ``count`` companies."""
        for _number in range(first, first + count):
            self._carry(new_case())

    def grow(self, count: int) -> None:
        """A process with its tasks for each of the copied cases."""
        from benchmarks.peers.viewflow_growth import grow

        grow(count)

    def check(self) -> dict[str, int]:
        """How many tasks are done."""
        return {"tasks": self._tasks.filter(flow_task_type="HUMAN", status="DONE").count()}

    def _carry(self, case: Case) -> None:
        from django.db import transaction

        with transaction.atomic():
            self._write(case, DRAFT)
        with transaction.atomic():
            self._write(case, SUBMIT)
            process = self._flow.start.run(case_id=case.ids[self._plan.case_id])
        with self._waiting(process.pk, STEPS[CLAIM + 1]).activation() as activation:
            self._write(case, CLAIM)
            activation.assign(self._user)
        for number, name in STEPS.items():
            self._execute(case, number, self._waiting(process.pk, name))
        process.refresh_from_db(fields=["status"])
        if process.status != "DONE":
            raise RuntimeError("the process ends with the last transaction")

    def _execute(self, case: Case, number: int, task: Any) -> None:
        with task.activation() as activation:
            self._write(case, number)
            if task.status == "NEW":
                activation.assign(self._user)
            activation.start(None)
            activation.execute()

    def _write(self, case: Case, number: int) -> None:
        from django.db import connection

        connection.ensure_connection()
        self._plan.write(connection.connection, case, number)

    def _waiting(self, process_id: int, name: str) -> Any:
        return self._tasks.get(
            process_id=process_id,
            flow_task=getattr(self._flow, name),
            status__in=("NEW", "ASSIGNED"),
        )


if __name__ == "__main__":
    serve(Viewflow(sys.argv[2], Path(sys.argv[3])))
