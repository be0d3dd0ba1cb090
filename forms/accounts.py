"""What people type about accounts: coming in, passwords, name and language, staff."""

from collections.abc import Iterable, Sequence

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import Field, SelectChoice
from wtforms.validators import InputRequired

from catalog import registry
from core.errors import Problem
from core.text import CHINESE, ENGLISH, Text
from forms.base import Form
from forms.fields import PasswordField, RadiosField, SelectField, TextField
from services import people, sign_in, sign_up
from services.people import STAFF_ROLES, NewPerson
from workflows.permissions import Grant, Role

LANGUAGES = (SelectChoice(CHINESE, "中文"), SelectChoice(ENGLISH, "English"))
ROLE_NAMES = {
    Role.APPLICANT: Text(zh="申请人", en="Applicant"),
    Role.WINDOW: Text(zh="综合窗口人员", en="Window officer"),
    Role.CLERK: Text(zh="部门窗口或审批人员", en="Clerk"),
    Role.HEAD: Text(zh="部门负责人", en="Head of a department's office"),
    Role.GOVERNMENT: Text(zh="本级政府负责人", en="Head of the local government"),
    Role.SUPERVISOR: Text(zh="督办人员", en="Supervisor"),
    Role.SEAL_MAKER: Text(zh="刻章企业人员", en="Seal maker"),
    Role.AUDITOR: Text(zh="审计人员", en="Auditor"),
    Role.ADMINISTRATOR: Text(zh="管理员", en="Administrator"),
    Role.OPERATOR: Text(zh="运维人员", en="Operator"),
}

PASSWORD_HINT = _("至少 10 个字符。用几个词连起来，既安全又好记。")
NOT_CHOSEN = Text(zh="（不选）", en="(none)")


def locale_code() -> str:
    """The reader's language: one of `core.text.LOCALES`."""
    return Text(zh=CHINESE, en=ENGLISH).to(str(get_locale()))


def attach(form: Form, problems: Iterable[Problem]) -> bool:
    """Put each problem beside its field, in the reader's language; True if there was none."""
    locale, fine = locale_code(), True
    for problem in problems:
        field = form[problem.path]
        field.errors = [*field.errors, problem.sentence.to(locale)]
        fine = False
    return fine


class SignInForm(Form):
    account = TextField(
        _("手机号码、电子邮箱或账号名"),
        [InputRequired(_("请输入账号。"))],
        autocomplete="username",
    )
    password = PasswordField(
        _("密码"), [InputRequired(_("请输入密码。"))], autocomplete="current-password"
    )


class SignUpForm(Form):
    """An applicant's own account."""

    account = TextField(
        _("手机号码或电子邮箱"),
        hint=_("以后用它登录。手机号码为 11 位。"),
        autocomplete="username",
    )
    name = TextField(_("姓名"), hint=_("您本人的姓名，办件人员会看到。"), autocomplete="name")
    password = PasswordField(_("密码"), hint=PASSWORD_HINT, autocomplete="new-password")
    again = PasswordField(_("再输入一次密码"), autocomplete="new-password")

    def problems(self) -> tuple[Problem, ...]:
        """Everything to mend that can be said without asking whether the account exists."""
        return sign_up.problems(*map(_typed, (self.account, self.name, self.password, self.again)))


class NewPasswordForm(Form):
    """A first password, or a new one, by an invitation."""

    password = PasswordField(_("新密码"), hint=PASSWORD_HINT, autocomplete="new-password")
    again = PasswordField(_("再输入一次新密码"), autocomplete="new-password")

    def problems(self, account: str) -> tuple[Problem, ...]:
        """What is wrong with it as a password for ``account``."""
        return sign_in.new_password_problems(_typed(self.password), _typed(self.again), account)


class ChangePasswordForm(Form):
    """A new password by somebody who knows the present one."""

    present = PasswordField(
        _("现在的密码"),
        [InputRequired(_("请输入现在的密码。"))],
        autocomplete="current-password",
    )
    password = PasswordField(_("新密码"), hint=PASSWORD_HINT, autocomplete="new-password")
    again = PasswordField(_("再输入一次新密码"), autocomplete="new-password")

    def problems(self, account: str) -> tuple[Problem, ...]:
        """What is wrong with the new password for ``account``."""
        return sign_in.new_password_problems(_typed(self.password), _typed(self.again), account)


class ProfileForm(Form):
    """How a person is called, and the language they read."""

    name = TextField(_("姓名"), autocomplete="name")
    locale = RadiosField(_("语言"), choices=LANGUAGES)

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the name."""
        return people.name_problems(_typed(self.name))


class StaffForm(Form):
    """A new account of staff: one role and its reach."""

    role = RadiosField(_("角色"), [InputRequired(_("请选择角色。"))])
    account = TextField(
        _("账号"), hint=_("字母开头的账号名，也可以是手机号码或电子邮箱。"), autocomplete="off"
    )
    name = TextField(_("姓名"), autocomplete="off")
    district = SelectField(
        _("区域"), hint=_("综合窗口人员和部门人员必选；审计人员不选表示所有区域。")
    )
    department = SelectField(_("部门"), hint=_("只有部门窗口或审批人员需要选择。"))
    maker = SelectField(_("刻章企业"), hint=_("只有刻章企业人员需要选择。"))

    def offer(self, makers: Sequence[tuple[str, Text]]) -> None:
        """Fill the choices: roles, districts and departments of the catalogue, and ``makers``."""
        catalogue = registry.catalogue()
        self.role.choices = _choices((role.value, ROLE_NAMES[role]) for role in STAFF_ROLES)
        self.district.choices = _with_none(
            (district.code, district.name) for district in catalogue.districts.values()
        )
        self.department.choices = _with_none(
            (department.code, department.name) for department in catalogue.departments.values()
        )
        self.maker.choices = _with_none(makers)

    def new_person(self) -> NewPerson:
        """What was typed, as the service wants it."""
        grant = Grant(
            role=Role(_typed(self.role)),
            district_code=_typed(self.district) or None,
            department_code=_typed(self.department) or None,
            maker_code=_typed(self.maker) or None,
        )
        return NewPerson(account=_typed(self.account), name=_typed(self.name), grants=(grant,))


def _typed(field: Field) -> str:
    return field.data or ""


def _choices(pairs: Iterable[tuple[str, Text]]) -> list[SelectChoice]:
    locale = locale_code()
    return [SelectChoice(value, label.to(locale)) for value, label in pairs]


def _with_none(pairs: Iterable[tuple[str, Text]]) -> list[SelectChoice]:
    return [SelectChoice("", NOT_CHOSEN.to(locale_code())), *_choices(pairs)]
