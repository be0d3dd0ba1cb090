"""``flask permissions``: who gets into which page, as a table of every route and role.

It is read off the running application: the first lock of each page. Which case a page may be
opened for is the second lock, in the services.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from core.settings import ROOT
from core.text import Text
from workflows.permissions import ROLE_PERMISSIONS, Permission, Role

DOCUMENT = ROOT / "docs" / "permissions.md"
COLUMNS: dict[Role, Text] = {
    Role.APPLICANT: Text(zh="申请人", en="applicant"),
    Role.PHONE: Text(zh="接续的手机", en="lent phone"),
    Role.WINDOW: Text(zh="综合窗口", en="window"),
    Role.CLERK: Text(zh="审批人员", en="clerk"),
    Role.HEAD: Text(zh="部门负责人", en="head"),
    Role.GOVERNMENT: Text(zh="政府负责人", en="government"),
    Role.SUPERVISOR: Text(zh="督办", en="supervisor"),
    Role.SEAL_MAKER: Text(zh="刻章企业", en="seal maker"),
    Role.AUDITOR: Text(zh="审计", en="auditor"),
    Role.ADMINISTRATOR: Text(zh="管理员", en="administrator"),
    Role.OPERATOR: Text(zh="运维", en="operator"),
}
"""Everybody who can open pages; the engine opens none."""
HEAD = """# Who gets into which page

Read off the routing table by `flask permissions --write`; a test fails while this page is out of
date. It shows the first lock: whether a role holds the permission that the page asks for. The
second lock is in the services and asks for whom: one's own case, one's department and district, the
maker that was chosen. What it refuses does not exist (404). "all" are pages open to strangers;
"signed in" are those of every account.

"""


@dataclass(frozen=True, slots=True)
class Door:
    """One page and one way to open it."""

    address: str
    methods: str
    endpoint: str
    permission: Permission | None
    is_public: bool

    def opens_to(self, role: Role) -> bool:
        """Whether people of this role pass the first lock."""
        if self.is_public:
            return True
        if self.permission is None:
            return role is not Role.PHONE
        return self.permission in ROLE_PERMISSIONS[role]

    @property
    def lock(self) -> str:
        """What the page asks for, in words."""
        if self.is_public:
            return "all"
        return self.permission.value if self.permission else "signed in"


def doors(app: Flask) -> Iterator[Door]:
    """Every page of the application, by address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        if rule.endpoint == "static":
            continue
        view = app.view_functions[rule.endpoint]
        yield Door(
            address=rule.rule,
            methods=", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            endpoint=rule.endpoint,
            permission=getattr(view, "required_permission", None),
            is_public=getattr(view, "is_public", False),
        )


def document(app: Flask) -> str:
    """The table as a page of the docs."""
    titles = [f"{title.zh} {title.en}" for title in COLUMNS.values()]
    lines = [
        "| " + " | ".join(["page", "method", "asks for", *titles]) + " |",
        "|" + "---|" * (3 + len(titles)),
    ]
    for door in doors(app):
        marks = ["yes" if door.opens_to(role) else "–" for role in COLUMNS]
        address = door.address.replace("<string:", "<").replace("<uuid:", "<")
        lines.append("| " + " | ".join([f"`{address}`", door.methods, door.lock, *marks]) + " |")
    return HEAD + "\n".join(lines) + "\n"


@click.command("permissions", help="谁能打开哪个页面 / Who gets into which page.")
@click.option("--write", is_flag=True, help="写入 docs/permissions.md / Write docs/permissions.md.")
@with_appcontext
def permissions_command(*, write: bool) -> None:
    """Print the table, or write it into the docs."""
    table = document(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
    if not write:
        click.echo(table)
        return
    Path(DOCUMENT).write_text(table, encoding="utf-8")
    click.echo(str(DOCUMENT))
