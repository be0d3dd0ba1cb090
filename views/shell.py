"""What surrounds every page: navigation by role, the name of who is signed in, asset addresses."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from flask_wtf import CSRFProtect

from core.clock import now
from core.database import DatabaseUnreachableError
from core.settings import Settings
from services.sign_in import Identity, seconds_left
from views.actors import current_actor, optional_identity
from views.localisation import locale
from views.page_owners import mark_of, shadow_key
from workflows.permissions import Actor, Permission

STATIC = Path(__file__).parents[1] / "static"


def init_app(app: Flask) -> None:
    """Protect every form against forged posts, and give each page its frame."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # as long as the session, not an hour
    CSRFProtect(app)
    app.jinja_env.globals.update(asset=asset, shadow_key=_own_shadow_key, shadow_owner=_own_mark)
    app.context_processor(_frame)


def asset(name: str) -> str:
    """The address of a static file, with the hash of its content, so that it may be kept."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _frame() -> dict[str, Any]:
    settings: Settings = current_app.extensions["settings"]
    identity = _who_if_known()
    return {
        "locale": locale(),
        "drawn_at": now(),
        "demonstration": settings.demonstration,
        "person_name": identity.actor.name if identity else None,
        "session_facts": _session_facts(identity) if identity else None,
        "navigation": _navigation(identity.actor) if identity else [],
        "may_repair": identity is not None and identity.actor.has(Permission.OPERATIONS_REPAIR),
        "may_start": identity is None or identity.actor.has(Permission.CASE_START),
    }


def _who_if_known() -> Identity | None:
    """The person for the frame; nobody if the database is down, so that its page can say so."""
    try:
        return optional_identity()
    except DatabaseUnreachableError:
        return None


def _session_facts(identity: Identity) -> dict[str, Any]:
    """What a page knows of the session it was drawn in."""
    return {
        "owner": mark_of(identity.person_id),
        "account": identity.account,
        "rests_until": identity.rests_until,
        **seconds_left(identity, now()),
    }


def _own_mark() -> str:
    """Under which name that is kept."""
    return mark_of(current_actor().id)


def _own_shadow_key() -> str:
    """The key for what this person's browser, or a phone that was lent a draft, keeps unsent."""
    return shadow_key(current_actor().id)


def _navigation(actor: Actor) -> list[dict[str, Any]]:
    """The places of this person, by what they may do."""
    entries = [
        (Permission.CASE_START, "cases.index", _("我的办件")),
        (Permission.CASE_START, "home.index", _("办一件事")),
        (Permission.CASE_TAKE, "counter.index", _("窗口受理")),
        (Permission.TASK_CLAIM, "queue.index", _("待办队列")),
        (Permission.SUPERVISION_READ, "supervision.index", _("督办")),
        (Permission.TASK_REVIEW, "packages.index", _("移交包")),
        (Permission.CASE_EXTEND, "case_extensions.index", _("延期请示")),
        (Permission.ABSENCE_RECORD, "desks.index", _("岗位")),
        (Permission.TASK_REVIEW, "absences.own", _("离岗和授权")),
        (Permission.LEDGER_READ, "savings.index", _("节省账")),
        (Permission.LEDGER_READ, "times.index", _("用时")),
        (Permission.LEDGER_READ, "rates.index", _("网办率")),
        (Permission.RULES_READ, "automatic_decisions.index", _("按规则审批")),
        (Permission.PERSON_MANAGE, "people.index", _("人员")),
        (Permission.ROUTING_EDIT, "routing.index", _("通办路由")),
        (Permission.CALENDAR_EDIT, "calendars.index", _("工作日历")),
        (Permission.OPERATIONS_READ, "operations.index", _("运行状况")),
        (Permission.REPAIR_CONFIRM, "repairs.requests", _("待确认的修复")),
    ]
    return [
        {
            "text": text,
            "href": url_for(endpoint),
            "current": _is_part_of(endpoint, is_officer=not actor.has(Permission.CASE_START)),
        }
        for permission, endpoint, text in entries
        if actor.has(permission) and endpoint in current_app.view_functions
    ]


PART_OF = {
    "assignments": "desks",
    "delegations": "desks",
    "conflicts": "queue",
    "audit": "savings",
    "exports": "savings",
    "reports": "savings",
    "repairs.index": "operations",
    "repairs.show": "operations",
    "repairs.ask_page": "operations",
    "repairs.ask": "operations",
    "tasks": "queue",
    "decision_drafts": "queue",
    "cards": "queue",
    "delays": "queue",
    "supervision_cards": "supervision",
    "queue_keys": "queue",
    "returned_cases": "queue",
    "task_materials": "queue",
    "queue_selection": "queue",
    "applications": "cases",
    "drafts": "cases",
    "withdrawals": "cases",
    "parts": "cases",
    "corrections": "cases",
    "promised_papers": "cases",
    "draft_hand_overs": "cases",
    "materials": "cases",
    "guides": "home",
}
"""Pages that are reached from a place of the navigation and belong to it."""


def _is_part_of(place: str, *, is_officer: bool) -> bool:
    """Whether this page belongs to a place; for a window officer a case is of the window."""
    endpoint = request.endpoint or ""
    blueprint = endpoint.split(".")[0]
    here = PART_OF.get(endpoint, PART_OF.get(blueprint, blueprint))
    if here == "documents":
        here = "queue" if is_officer else "cases"
    if here == "cases" and is_officer:
        here = "counter"
    return here == place.split(".")[0]
