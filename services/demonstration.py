"""The people of the demonstration: public accounts with one public password.

They are marked, and signing in refuses marked accounts outside demonstration mode; so a
production server stays closed to them even if this were loaded into its database.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.text import CHINESE, Text
from models.base import new_id
from models.person import Person, PersonGrant
from services import automatic_decisions, people, reference, routing_examples
from services.desks import Desk
from services.passwords import Passwords
from services.reference import MakerFacts, Prices
from workflows.permissions import Actor, Grant, Role

PASSWORD = "yichuang-demo-2026"  # noqa: S105 -- public: printed at every start
DISTRICT = "620102-gx"
NEIGHBOUR = "620123"
"""To this district some parts of the demonstration are routed."""

_CHEAP = Passwords(memory_kibibytes=64, passes=1)
"""A costly hash of a public password would protect nothing and slow every start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationAccount:
    """One account that everybody may use in the demonstration."""

    account: str
    name: str
    title: Text
    """What the account is for, as the list of accounts says it."""
    grant: Grant


def _applicant() -> DemonstrationAccount:
    return DemonstrationAccount(
        account="applicant@yichuang.example",
        name="演示申请人",
        title=Text(zh="申请人", en="Applicant"),
        grant=Grant(role=Role.APPLICANT),
    )


def _clerk(
    account: str, name: str, department: str, title: Text, district: str = DISTRICT
) -> DemonstrationAccount:
    return DemonstrationAccount(
        account=account,
        name=name,
        title=title,
        grant=Grant(role=Role.CLERK, district_code=district, department_code=department),
    )


def _head(
    account: str, name: str, department: str, title: Text, district: str = DISTRICT
) -> DemonstrationAccount:
    return DemonstrationAccount(
        account=account,
        name=name,
        title=title,
        grant=Grant(role=Role.HEAD, district_code=district, department_code=department),
    )


def _maker(account: str, name: str, maker: str, title: Text) -> DemonstrationAccount:
    return DemonstrationAccount(
        account=account,
        name=name,
        title=title,
        grant=Grant(role=Role.SEAL_MAKER, maker_code=maker),
    )


ACCOUNTS: tuple[DemonstrationAccount, ...] = (
    _applicant(),
    DemonstrationAccount(
        account="window",
        name="演示综窗员",
        title=Text(zh="综合窗口人员", en="Window officer"),
        grant=Grant(role=Role.WINDOW, district_code=DISTRICT),
    ),
    _clerk(
        "registrar",
        "演示登记员甲",
        "market_regulation",
        Text(zh="市场监管窗口人员", en="Market regulation clerk"),
    ),
    _clerk(
        "registrar-two",
        "演示登记员乙",
        "market_regulation",
        Text(zh="市场监管窗口人员（第二人）", en="Market regulation clerk, the second"),
    ),
    _clerk(
        "police", "演示民警", "public_security", Text(zh="公安窗口人员", en="Public security clerk")
    ),
    _clerk("tax", "演示税务员", "tax", Text(zh="税务窗口人员", en="Tax clerk")),
    _clerk(
        "human-resources",
        "演示人社员",
        "human_resources",
        Text(zh="人社窗口人员", en="Social security clerk"),
    ),
    _clerk(
        "medical-insurance",
        "演示医保员",
        "medical_insurance",
        Text(zh="医保窗口人员", en="Medical insurance clerk"),
    ),
    _clerk(
        "housing-fund",
        "演示公积金员",
        "housing_fund",
        Text(zh="公积金窗口人员", en="Housing fund clerk"),
    ),
    _clerk("bank", "演示银行经理", "bank", Text(zh="银行工作人员", en="Bank officer")),
    _clerk(
        "food-inspector",
        "演示食品检查员甲",
        "market_regulation",
        Text(zh="食品检查人员", en="Food inspector"),
    ),
    _clerk(
        "food-inspector-two",
        "演示食品检查员乙",
        "market_regulation",
        Text(zh="食品检查人员（第二人）", en="Food inspector, the second"),
    ),
    _clerk("fire", "演示消防监督员", "fire_rescue", Text(zh="消防监督人员", en="Fire officer")),
    _clerk(
        "urban-management",
        "演示城管员",
        "urban_management",
        Text(zh="城市管理窗口人员", en="Urban management clerk"),
    ),
    _clerk("health", "演示卫健员", "health", Text(zh="卫生健康窗口人员", en="Health clerk")),
    _clerk("tobacco", "演示烟草员", "tobacco", Text(zh="烟草专卖窗口人员", en="Tobacco clerk")),
    _maker(
        "maker-jincheng",
        "演示刻章员甲",
        "jincheng",
        Text(zh="刻章企业“金城”人员", en="Seal maker “Jincheng”"),
    ),
    _maker(
        "maker-hehai",
        "演示刻章员乙",
        "hehai",
        Text(zh="刻章企业“河海”人员", en="Seal maker “Hehai”"),
    ),
    _maker(
        "maker-longyuan",
        "演示刻章员丙",
        "longyuan",
        Text(zh="刻章企业“陇原”人员", en="Seal maker “Longyuan”"),
    ),
    _head(
        "registrar-head",
        "演示登记科长",
        "market_regulation",
        Text(zh="市场监管部门负责人", en="Head at market regulation"),
    ),
    _head(
        "fire-head",
        "演示消防科长",
        "fire_rescue",
        Text(zh="消防部门负责人", en="Head at fire and rescue"),
    ),
    _head(
        "urban-management-head",
        "演示城管科长",
        "urban_management",
        Text(zh="城市管理部门负责人", en="Head at urban management"),
    ),
    _head(
        "tobacco-head",
        "演示烟草科长",
        "tobacco",
        Text(zh="烟草专卖部门负责人", en="Head at tobacco"),
    ),
    _clerk(
        "registrar-yuzhong",
        "演示榆中登记员",
        "market_regulation",
        Text(zh="榆中县市场监管窗口人员", en="Market regulation clerk in Yuzhong"),
        NEIGHBOUR,
    ),
    _head(
        "registrar-head-yuzhong",
        "演示榆中登记科长",
        "market_regulation",
        Text(zh="榆中县市场监管部门负责人", en="Head at market regulation in Yuzhong"),
        NEIGHBOUR,
    ),
    _clerk(
        "bank-yuzhong",
        "演示榆中银行员",
        "bank",
        Text(zh="榆中县银行人员", en="Bank clerk in Yuzhong"),
        NEIGHBOUR,
    ),
    DemonstrationAccount(
        account="government",
        name="演示区领导",
        title=Text(zh="本级政府负责人", en="Head of the local government"),
        grant=Grant(role=Role.GOVERNMENT, district_code=DISTRICT),
    ),
    DemonstrationAccount(
        account="supervisor",
        name="演示督办员",
        title=Text(zh="督办人员", en="Supervisor"),
        grant=Grant(role=Role.SUPERVISOR, district_code=DISTRICT),
    ),
    DemonstrationAccount(
        account="supervisor-two",
        name="演示督办员乙",
        title=Text(
            zh="督办人员（第二人，裁定申诉）", en="Supervisor, the second, who judges appeals"
        ),
        grant=Grant(role=Role.SUPERVISOR, district_code=DISTRICT),
    ),
    DemonstrationAccount(
        account="auditor",
        name="演示审计员",
        title=Text(zh="审计人员", en="Auditor"),
        grant=Grant(role=Role.AUDITOR),
    ),
    DemonstrationAccount(
        account="administrator",
        name="演示管理员",
        title=Text(zh="管理员", en="Administrator"),
        grant=Grant(role=Role.ADMINISTRATOR),
    ),
    DemonstrationAccount(
        account="operator",
        name="演示运维员",
        title=Text(zh="运维人员", en="Operator"),
        grant=Grant(role=Role.OPERATOR),
    ),
)
"""Everybody who takes part in one of the things, in the order in which they appear."""


PRICES = Prices(
    code="seal_set_2026",
    valid_from=date(2024, 1, 1),
    market_price_fen=9750,
    contract_price_fen=6000,
    source=Text(
        zh="演示价目：市场价由兰州高新区公布的总额推算，合同价为示例",
        en="Demonstration: market price inferred from the zone's published total, contract price "
        "an example",
    ),
)


def _shop(code: str, name: Text, address: Text, phone: str) -> MakerFacts:
    return MakerFacts(
        code=code,
        name=name,
        address=address,
        phone=phone,
        district_codes=("620102-gx", "620102", "620123"),
        is_demonstration=True,
    )


MAKERS: tuple[MakerFacts, ...] = (
    _shop(
        "jincheng",
        Text(zh="金城印章刻制部（演示）", en="Jincheng Seals (demonstration)"),
        Text(zh="兰州市城关区雁南路 18 号", en="18 Yannan Road, Chengguan, Lanzhou"),
        "0931-8550001",
    ),
    _shop(
        "hehai",
        Text(zh="河海刻章服务中心（演示）", en="Hehai Seal Service (demonstration)"),
        Text(zh="兰州市城关区南滨河东路 301 号", en="301 Nanbinhe East Road, Chengguan, Lanzhou"),
        "0931-8550002",
    ),
    _shop(
        "longyuan",
        Text(zh="陇原印务刻章店（演示）", en="Longyuan Printing and Seals (demonstration)"),
        Text(zh="兰州市榆中县城关镇兴隆路 6 号", en="6 Xinglong Road, Yuzhong, Lanzhou"),
        "0931-8550003",
    ),
)


def load(session: Session, at: datetime) -> list[str]:
    """Everything that a first start needs: definitions, calendar, prices, makers, routing, people.

    Loading twice changes nothing; what was new is returned in words for the terminal.
    """
    done = reference.publish(session, at)
    reference.record_prices(session, PRICES, at)
    for facts in MAKERS:
        reference.record_maker(session, facts, at)
    routing_examples.load(session, at)
    made = load_people(session, at)
    _switch_rules_on(session, at)
    return [*done, f"{made} demonstration people"] if made else done


def _switch_rules_on(session: Session, at: datetime) -> None:
    """Let rules decide in the neighbour's office, if nobody ever turned the switch there."""
    desk = Desk(district_code=NEIGHBOUR, department_code="market_regulation")
    found = automatic_decisions.find(session, desk, ("business_start_up", "registration"), at)
    if found.turn is None:
        head = people.find(session, "registrar-head-yuzhong", at)
        actor = Actor(id=head.id, name=head.name, grants=head.grants)
        change = {
            "is_on": True,
            "share_permille": found.share_permille,
            "reason": "演示：榆中县的标准公司按规则当场登记",
            "number": 0,
        }
        automatic_decisions.switch(session, actor, found, change, at)


def load_people(session: Session, at: datetime) -> int:
    """Make the accounts that are not there yet; how many were made.

    Loading twice changes nothing, and two at once do not collide. The password is hashed once.
    """
    wanted = {account.account: account for account in ACCOUNTS}
    known = session.execute(select(Person.account).where(Person.account.in_(wanted))).scalars()
    missing = wanted.keys() - set(known)
    if not missing:
        return 0
    password_hash = _CHEAP.hash(PASSWORD)
    rows = [
        {
            "id": new_id(),
            "account": each.account,
            "name": each.name,
            "password_hash": password_hash,
            "locale": CHINESE,
            "is_demonstration": True,
            "created_at": at,
            "disabled_at": None,
        }
        for each in ACCOUNTS
        if each.account in missing
    ]
    made = session.execute(
        insert(Person)
        .on_conflict_do_nothing(index_elements=[Person.account])
        .returning(Person.id, Person.account),
        rows,
    ).all()
    session.add_all(_granted(row.id, wanted[row.account].grant, at) for row in made)
    session.flush()
    return len(made)


def _granted(person_id: UUID, grant: Grant, at: datetime) -> PersonGrant:
    return PersonGrant(
        id=new_id(),
        person_id=person_id,
        role=grant.role.value,
        district_code=grant.district_code,
        department_code=grant.department_code,
        maker_code=grant.maker_code,
        valid_from=at,
        valid_until=None,
    )
