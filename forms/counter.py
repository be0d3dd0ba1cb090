"""What a window officer types about a visitor."""

from collections.abc import Iterable
from uuid import uuid4

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice
from wtforms.validators import InputRequired

from catalog import registry
from core.errors import Problem
from forms.accounts import locale_code
from forms.base import Form
from forms.fields import HiddenField, PromiseField, RadiosField, SelectField, TextField
from forms.posted import posted_id
from services.counter import (
    CHECK_MISSING,
    CONSENT_MISSING,
    DOCUMENT_MISSING,
    NewVisit,
    visitor_problems,
)
from services.counter_visits import DOCUMENTS, Visitor


class DocumentForm(Form):
    """Which paper proved who the visitor is."""

    document_kind = SelectField(_("核验的证件"), hint=_("只记录核验了哪一种证件，不记录证件号码。"))
    is_checked = PromiseField(_("证件与来人一致，已当面核验"))

    def offer_documents(self) -> None:
        """Fill the choices, in the reader's language."""
        locale = locale_code()
        self.document_kind.choices = [
            SelectChoice("", str(_("请选择"))),
            *(SelectChoice(code, name.to(locale)) for code, name in DOCUMENTS.items()),
        ]


class CodeForm(Form):
    """The eight characters under a QR code."""

    code = TextField(
        _("八位码"),
        [InputRequired(_("请输入八位码。"))],
        hint=_("字母和数字，不分大小写，中间的横线可以不输。"),
        autocomplete="off",
        width=10,
        spellcheck="false",
    )


class ReceiveForm(DocumentForm):
    """A draft that its applicant brings to the window."""

    code = TextField(
        _("申请人手机上的八位码"),
        [InputRequired(_("请输入八位码。"))],
        hint=_("也可以用扫码枪扫手机上的二维码。"),
        autocomplete="off",
        width=10,
        spellcheck="false",
    )

    def problems(self) -> tuple[Problem, ...]:
        """What is missing of the check of the document."""
        found = []
        if self.document_kind.data not in DOCUMENTS:
            found.append(Problem("document_kind", DOCUMENT_MISSING))
        if not self.is_checked.data:
            found.append(Problem("is_checked", CHECK_MISSING))
        return tuple(found)


class VisitorForm(DocumentForm):
    """A case for somebody who came to the window."""

    command_id = HiddenField()
    district = RadiosField(_("办理区域"))
    name = TextField(_("申请人姓名"), hint=_("与证件上的姓名一致。"), autocomplete="off")
    account = TextField(
        _("申请人的手机号码"),
        hint=_("没有手机的，可以填电子邮箱。办件会归入这个账号，以后可以在网上查看。"),
        autocomplete="off",
        inputmode="tel",
    )
    agent_name = TextField(
        _("代办人姓名（选填）"), hint=_("申请人本人没有来、由别人代办时填写。"), autocomplete="off"
    )
    agent_relation = TextField(
        _("代办人与申请人的关系（选填）"), hint=_("例如：配偶、员工。"), autocomplete="off"
    )
    consent = PromiseField(
        _("申请人同意由窗口代填；由代办人来办的，已看过申请人签字的委托书。办件归入上面的账号。")
    )

    def offer(self, districts: Iterable[str]) -> None:
        """Fill the choices: the officer's own districts, and the papers."""
        locale, known = locale_code(), registry.catalogue().districts
        self.offer_documents()
        self.district.choices = [
            SelectChoice(code, known[code].name.to(locale)) for code in districts if code in known
        ]
        if len(self.district.choices) == 1:
            self.district.data = self.district.choices[0].value
        if not posted_id(self.command_id.data):
            self.command_id.data = str(uuid4())

    def visitor(self) -> Visitor:
        """The visitor as typed."""
        return Visitor(
            applicant_name=self.name.data or "",
            document_kind=self.document_kind.data or "",
            agent_name=(self.agent_name.data or "").strip() or None,
            agent_relation=(self.agent_relation.data or "").strip() or None,
        )

    def problems(self) -> tuple[Problem, ...]:
        """Everything to mend that can be said without asking whether the account exists."""
        found = list(visitor_problems(self.visitor(), self.account.data or ""))
        if not self.is_checked.data:
            found.append(Problem("is_checked", CHECK_MISSING))
        if not self.consent.data:
            found.append(Problem("consent", CONSENT_MISSING))
        return tuple(found)

    def new_visit(self, thing_code: str) -> NewVisit:
        """What was typed, as the service wants it."""
        return NewVisit(
            id=posted_id(self.command_id.data) or uuid4(),
            thing_code=thing_code,
            district_code=self.district.data or "",
            account=self.account.data or "",
            visitor=self.visitor(),
        )
