"""Ended cases by the thousand in the tables of Viewflow and of the job."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from viewflow.workflow.models import Process, Task

from benchmarks.peers.company.models import Case


def grow(count: int) -> None:
    """Copy the newest ended process ``count`` times, its tasks and their links with it."""
    model = Process.objects.filter(status="DONE").order_by("-pk").first().pk
    tasks = list(Task.objects.filter(process_id=model).order_by("pk").values_list("pk", flat=True))
    first, span = tasks[0], tasks[-1] - tasks[0] + 1
    process = f"{Process.objects.order_by('-pk').first().pk} + g"
    base = Task.objects.order_by("-pk").first().pk + 1

    def task(column: str) -> str:
        return f"{base} + (g - 1) * {span} + ({column} - {first})"

    links = Task.previous.through._meta.db_table  # noqa: SLF001 -- Django's documented way
    between = f"from_task_id between {first} and {first + span - 1}"
    ends = {name: task(name) for name in ("from_task_id", "to_task_id")}
    copies: list[tuple[str, str, dict[str, str | None]]] = [
        (_table(Process), f"id = {model}", {"id": process}),
        (_table(Case), f"process_ptr_id = {model}", {"process_ptr_id": process}),
        (_table(Task), f"process_id = {model}", {"id": task("id"), "process_id": process}),
        (links, between, {"id": None, **ends}),
    ]
    with connection.cursor() as cursor:
        with transaction.atomic():
            for table, where, otherwise in copies:
                _copy(cursor, table, (where, count), otherwise)
        for table in (_table(Process), _table(Task)):
            cursor.execute(
                f"select setval(pg_get_serial_sequence('{table}', 'id'), max(id)) from {table}"  # noqa: S608
            )
            cursor.execute(f"vacuum analyze {table}")


def _table(model: Any) -> str:
    return str(model._meta.db_table)  # noqa: SLF001 -- Django's documented way


def _copy(cursor: Any, table: str, rows: tuple[str, int], otherwise: dict[str, str | None]) -> None:
    """Copy rows with some columns made anew; None leaves a column to its default."""
    where, count = rows
    cursor.execute(f"select * from {table} limit 0")  # noqa: S608
    names = [column.name for column in cursor.description]
    kept = [name for name in names if otherwise.get(name, name) is not None]
    values = ", ".join(str(otherwise.get(name, name)) for name in kept)
    cursor.execute(
        f"insert into {table} ({', '.join(kept)}) select {values}"  # noqa: S608
        f" from {table}, generate_series(1, {count}) g where {where}"
    )
