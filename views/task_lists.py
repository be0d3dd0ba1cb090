"""The list that a task page was opened from: carried in the address, and the way along it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for

from forms import queue_filters
from services import queue, queue_lists
from services.queue import TaskKey
from services.queue_lists import Listed
from views.actors import current_actor
from views.database import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a task stands in its list, and the addresses around it."""

    number: int | None
    total: int
    previous_url: str | None
    next_url: str | None
    list_url: str


def listed(at: datetime) -> Listed | None:
    """The list that the request was made from, in its address or its form; None if from none."""
    chosen = queue_filters.read_query(
        _said("list"),
        items=queue_lists.item_codes(),
        districts=queue.reach(current_actor(), at).district_codes,
    )
    if chosen is None:
        return None
    number = queue_filters.page_number(_said("number"))
    return Listed(chosen=chosen, stood_at=number)


def way(task: TaskKey, from_list: Listed | None, at: datetime) -> Way | None:
    """The neighbours of a task in the list it was opened from."""
    if from_list is None:
        return None
    with transaction() as session:
        found = queue_lists.neighbours(session, current_actor(), from_list, task, at)
    here = found.number or from_list.stood_at or 1
    after = here + 1 if found.number else here
    return Way(
        number=found.number,
        total=found.total,
        previous_url=_url(found.previous, from_list, here - 1),
        next_url=_url(found.next, from_list, after),
        list_url=list_url(from_list),
    )


def task_url(task: TaskKey, from_list: Listed | None = None) -> str:
    """The address of one item's part of a case, with the list that it was opened from."""
    return url_for(
        "tasks.show",
        district_code=task.key.district_code,
        case_id=task.key.case_id,
        item_code=task.item_code,
        **carried(from_list),
    )


def list_url(from_list: Listed | None) -> str:
    """The queue as it was filtered, on the page where the task stood."""
    if from_list is None:
        return url_for("queue.index")
    chosen = from_list.chosen
    page = -(-(from_list.stood_at or 1) // chosen.size)
    values: dict[str, Any] = dict(queue_filters.written(chosen, page=page if page > 1 else None))
    return url_for("queue.index", **values)


def carried(from_list: Listed | None) -> Mapping[str, Any]:
    """What links and forms carry so that the list is not lost."""
    if from_list is None:
        return {}
    return {"list": queue_filters.query(from_list.chosen), "number": from_list.stood_at}


def _url(task: TaskKey | None, from_list: Listed, number: int) -> str | None:
    if task is None:
        return None
    return task_url(task, Listed(chosen=from_list.chosen, stood_at=max(number, 1)))


def _said(name: str) -> str:
    return request.form.get(name) or request.args.get(name, "")
