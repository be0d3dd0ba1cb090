"""A page with every component, and one dense as the officers see it."""

from typing import Any

from flask import Blueprint, render_template
from wtforms import SelectChoice

from forms import fields
from forms.base import Form
from forms.conditions import Condition
from views.actors import public

bp = Blueprint("gallery", __name__, url_prefix="/gallery", template_folder="templates")

PARTS: list[dict[str, Any]] = [
    {
        "title": "营业执照核发",
        "kind": "positive",
        "state": "已办结",
        "facts": ["市场监督管理局", "2026年11月24日 10:12 办结，用时 1 小时 8 分"],
    },
    {
        "title": "公章刻制",
        "kind": "open",
        "state": "办理中",
        "facts": ["承办：兰州印信刻章有限公司", "预计 2026年11月24日 16:30 前完成"],
        "current": True,
    },
    {
        "title": "发票领用",
        "kind": "waiting",
        "state": "等待营业执照",
        "facts": ["税务局已预先审核，执照一出即可办理"],
    },
    {"title": "职工参保登记", "kind": "void", "state": "无需办理", "facts": ["没有填写职工"]},
    {
        "title": "银行开户预约",
        "kind": "negative",
        "state": "未通过",
        "facts": ["原因：预约网点当日停业，可改约其他网点"],
    },
]
QUEUE = [
    [f"620102-2026-{number:06d}", "兰州星河科技有限公司", "营业执照核发", "待受理", "剩 2 小时"]
    for number in range(8)
]


class EveryFieldForm(Form):
    """One field of each kind."""

    trade_name = fields.TextField("字号", hint="两个以上汉字。", autocomplete="organization")
    capital = fields.TextField(
        "注册资本（元）", width=10, inputmode="decimal", suffix="元", hint="可以写 50 万。"
    )
    share = fields.TextField("缴存比例", width=4, inputmode="decimal", suffix="%")
    note = fields.LongTextField("给办事人员的话", hint="没有可以不写。")
    established_on = fields.DateField("计划成立日期", hint="例如 2026 年 12 月 1 日。")
    holder_kind = fields.RadiosField(
        "股东类型",
        choices=(SelectChoice("person", "自然人"), SelectChoice("organisation", "单位")),
    )
    supervision = fields.RadiosField(
        "监督机构",
        choices=(
            SelectChoice("one", "设一名监事"),
            SelectChoice("none", "不设监事"),
            SelectChoice("board", "设监事会"),
        ),
    )
    credit_code = fields.TextField(
        "统一社会信用代码",
        condition=Condition("holder_kind", "==", "organisation"),
        condition_words="选择“单位”时填写。",
    )
    seals = fields.CheckboxesField(
        "刻哪些章",
        choices=(
            SelectChoice("official", "公章"),
            SelectChoice("finance", "财务专用章"),
            SelectChoice("contract", "合同专用章"),
        ),
    )
    scope = fields.CheckboxesField(
        "经营项目",
        filter=True,
        choices=[SelectChoice(f"I{number:04d}", f"软件开发第 {number} 项") for number in range(30)],
    )
    region = fields.SelectField(
        "所在县（区）",
        choices=(SelectChoice("", "请选择"), SelectChoice("620102", "城关区")),
    )
    password = fields.PasswordField("密码", hint="至少 10 个字符。", autocomplete="new-password")
    promise = fields.PromiseField("我承诺所填内容真实、准确、完整")
    token = fields.HiddenField("隐藏")


def every_field(*, is_wrong: bool) -> EveryFieldForm:
    """The form with a mistake at every field, or with none."""
    form = EveryFieldForm(formdata=None, prefix="every-", meta={"csrf": False})
    form.supervision.hints = {"none": "需全体股东一致同意"}
    form.supervision.unavailable = {"board": "请带选举文件到企业登记窗口办理。"}
    if is_wrong:
        for field in form:
            field.errors = (f"请检查{field.label.text}。",)
    return form


@bp.get("/roomy")
@public
def roomy() -> str:
    """As applicants see it."""
    return render_template(
        "gallery/roomy.html", parts=PARTS, form=every_field(is_wrong=False), rows=QUEUE
    )


@bp.get("/mistakes")
@public
def mistakes() -> str:
    """A form with a mistake everywhere."""
    return render_template("gallery/mistakes.html", form=every_field(is_wrong=True), is_error=True)


@bp.get("/dense")
@public
def dense() -> str:
    """As officers see it."""
    return render_template("gallery/dense.html", rows=QUEUE, parts=PARTS)


@bp.get("/states")
@public
def states() -> str:
    """What is happening: saving, sending, changed, empty, somebody here."""
    return render_template("gallery/states.html")
