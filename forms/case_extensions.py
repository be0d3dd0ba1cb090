"""What the head of the government types to answer a request for more time."""

from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectChoice

from core.text import Text
from forms.accounts import locale_code
from forms.fields import LongTextField, RadiosField
from forms.posted import posted_id, posted_number
from forms.reasons import read_reason
from services.case_extensions import Answer, ExtensionRequest

AGREE, DECLINE = "agree", "decline"
NOT_CHOSEN = Text(zh="请选择同意还是不同意。", en="Choose whether you agree.")
NO_REASON = Text(
    zh="请写明理由，同意延长的会书面告知申请人。",
    en="Give the reason; if you agree, the applicant is told it in writing.",
)
PAGE_IS_OLD = Text(
    zh="页面信息不完整，没有答复。请核对后再提交一次。",
    en="The page was incomplete and nothing was answered. Check it and send it again.",
)


class _Words(Form):
    decision = RadiosField(
        choices=[SelectChoice(AGREE, _l("同意延长")), SelectChoice(DECLINE, _l("不同意延长"))]
    )
    reason = LongTextField(rows=4)


class AnswerForm:
    """The form of one answer, fresh or as posted; its mistakes are in ``problems``."""

    def __init__(self, asked: ExtensionRequest | None, formdata: Any = None) -> None:
        self.problems: list[dict[str, str]] = []
        self.command_id = formdata.get("command_id", "") if formdata is not None else str(uuid4())
        self.version = formdata.get("version", "") if formdata is not None else ""
        if asked is not None:
            self.version = str(asked.version)
        words = _Words(formdata)
        self.decision, self.reason = words.decision, words.reason
        self.decision.label.text = _("您的决定")
        self.reason.label.text = _("理由")

    def read(self) -> Answer | None:
        """What was decided; None after putting every mistake beside its field."""
        reason = read_reason(self.reason.data or "")
        command_id, version = posted_id(self.command_id), posted_number(self.version)
        if self.decision.data not in {AGREE, DECLINE}:
            self._mark(self.decision, NOT_CHOSEN)
        if isinstance(reason, Text):
            self._mark(self.reason, reason)
        elif not reason:
            self._mark(self.reason, NO_REASON)
        if command_id is None or version is None:
            self.problems.append({"id": "", "text": PAGE_IS_OLD.to(locale_code())})
        if self.problems or command_id is None or version is None:
            return None
        return Answer(
            command_id=command_id,
            version=version,
            agrees=self.decision.data == AGREE,
            reason=str(reason),
        )

    def renew(self, asked: ExtensionRequest) -> None:
        """Go on from how things stand now, with the words that were typed."""
        self.command_id, self.version = str(uuid4()), str(asked.version)

    def _mark(self, control: Any, sentence: Text) -> None:
        words = sentence.to(locale_code())
        control.errors = [*control.errors, words]
        self.problems.append({"id": str(control.first_id), "text": words})
