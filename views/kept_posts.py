"""A form that met a closed door: carried along and shown, to be sent again by its own person.

It is carried in the page, signed; the server keeps nothing. It is offered only if the form's token
says that we drew it for this person and the browser says that a page of ours sent it, and it is
sent only by a press on a page that shows what it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from views.actors import optional_identity, owner_of_cookie
from views.addresses import safe_path
from views.page_owners import mark_of, owner_of

LARGEST_CHARACTERS = 300_000
MOST_FIELDS = 1500
KEPT_SECONDS = 12 * 60 * 60
TOKEN = "csrf_token"  # noqa: S105 -- the name of a field
NEVER = frozenset({"account.password", "account.end_sessions", "sessions.extend"})
"""Forms with passwords, and those that mean nothing under a new session."""
TECHNICAL = frozenset(
    {
        TOKEN,
        "act",
        "command_id",
        "district",
        "district_code",
        "entry",
        "expected_version",
        "known_draft",
        "line_count",
        "list",
        "number",
        "place_count",
        "revision",
        "sequence",
        "standing",
        "then",
        "until",
        "writer",
    }
)
"""Fields that a page fills in by itself, and buttons and choices whose values are no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPost:
    """What a form had sent, and whose it is."""

    path: str
    endpoint: str
    owner: str
    fields: Sequence[tuple[str, str]]
    has_files: bool

    @property
    def typed(self) -> list[str]:
        """What a person typed or chose, to be shown before it is sent."""
        return [
            value.strip() for name, value in self.fields if name not in TECHNICAL and value.strip()
        ]

    @property
    def title(self) -> str:
        """What sending it does."""
        return str(_titles().get(self.endpoint) or _("您刚才在页面上提交的内容"))

    def sealed(self) -> str:
        """All of it as one field of a page, signed."""
        content = [self.path, self.endpoint, self.owner, list(self.fields), self.has_files]
        return str(_serializer().dumps(content))


def kept_post() -> KeptPost | None:
    """The form that was just sent, if it may be offered to be sent again; otherwise None."""
    path = safe_path(request.full_path.rstrip("?"))
    owner = owner_of(request.form.get(TOKEN)) if _may_be_kept() else None
    if path is None or owner is None or not _is_owners_browser(owner):
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != TOKEN]
    size = sum(len(name) + len(value) for name, value in fields)
    if size > LARGEST_CHARACTERS or len(fields) > MOST_FIELDS:
        return None
    return KeptPost(
        path=path,
        endpoint=request.endpoint or "",
        owner=owner,
        fields=fields,
        has_files=any(file.filename for file in request.files.values()),
    )


def opened(sealed: str) -> KeptPost | None:
    """What ``sealed`` holds; None if we did not make it, or too long ago."""
    try:
        path, endpoint, owner, fields, has_files = _serializer().loads(sealed, max_age=KEPT_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    return KeptPost(
        path=path,
        endpoint=endpoint,
        owner=owner,
        fields=[(name, value) for name, value in fields],
        has_files=has_files,
    )


def _may_be_kept() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    is_closed = view is not None and not getattr(view, "is_public", False)
    is_ours = request.method == "POST" and is_closed and request.endpoint not in NEVER
    return is_ours and _is_from_our_page() and not _has_password()


def _is_from_our_page() -> bool:
    """Whether the browser says that a page of this very site sent the form."""
    return bool(_said_by_browser()) and not is_from_elsewhere()


def is_from_elsewhere() -> bool:
    """Whether the browser says that another site's page sent the form."""
    said = _said_by_browser()
    if said is None or request.headers.get("Sec-Fetch-Site") is not None:
        return said not in {None, "same-origin"}
    try:
        return urlsplit(said).netloc != request.host
    except ValueError:
        return True


def _said_by_browser() -> str | None:
    headers = (request.headers.get(name) for name in ("Sec-Fetch-Site", "Origin", "Referer"))
    return next((said for said in headers if said is not None), None)


def is_of_another_person() -> bool:
    """Whether the form was drawn for somebody else than who is signed in now."""
    owner, identity = owner_of(request.form.get(TOKEN)), optional_identity()
    return owner is not None and identity is not None and mark_of(identity.person_id) != owner


def _is_owners_browser(owner: str) -> bool:
    """Whether nobody else is, or was last, signed in in this browser."""
    person_id = owner_of_cookie()
    return person_id is None or mark_of(person_id) == owner


def _has_password() -> bool:
    return any("password" in name for name in request.form)


def is_signed_in_as(owner: str) -> bool:
    """Whether the person with this mark is the one who is signed in."""
    identity = optional_identity()
    return identity is not None and mark_of(identity.person_id) == owner


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="kept-post")


def _titles() -> dict[str, str]:
    return {
        "applications.save": _("保存申请表的这一部分"),
        "applications.submit": _("提交申请"),
        "guides.begin": _("开始填写一份申请"),
        "tasks.take_step": _("办理这一步"),
        "tasks.claim": _("领取这一件"),
        "queue.take_next": _("取下一件"),
        "account.profile": _("修改姓名和语言"),
        "people.create": _("新增人员"),
    }
