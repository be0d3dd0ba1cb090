"""For every rule of the business start-up form: answers that keep it and answers that break it.

Both are changes to the answers of the sample company, by path. The changes that keep a rule also
make its condition true, so that it is really asked.
"""

from catalog import samples

A_DAY = "2026-09-18"
FIRST, SECOND, THIRD, FOURTH = (samples.resident_id(serial) for serial in range(9000, 9004))
CREDIT_CODE = "91620199MA0000015A"
PRE_LICENCE = "L7206"

Changes = dict[str, object]

OWNER: Changes = {
    "name": "赵星",
    "sex": "female",
    "nationality": "china",
    "born_on": "1980-02-29",
    "home_address": "兰州市城关区雁园路",
    "mobile": "13900000001",
    "resident_id": FIRST,
    "card_valid_until": None,
    "relation": "equity",
    "share": 2500,
    "began_on": A_DAY,
}
WORKER: Changes = {
    "name": "钱河",
    "resident_id": FIRST,
    "mobile": None,
    "started_on": "2026-09-01",
    "monthly_wage": 520_000,
}
PERMIT: Changes = {
    "entry": PRE_LICENCE,
    "authority": "甘肃省公安厅",
    "number": "演示 1 号",
    "issued_on": "2026-09-01",
    "valid_until": "2028-09-01",
}


def director(resident_id: str, duty: str = "member", name: str = "孙远") -> Changes:
    """A director of a board."""
    return {"name": name, "resident_id": resident_id, "mobile": "13900000002", "duty": duty}


def owners(*changes: Changes) -> Changes:
    """Answers of a company that names its beneficial owners."""
    return {
        "ownership.claims_exemption": False,
        "beneficial_owners": [{**OWNER, **change} for change in changes],
    }


def staff(*changes: Changes, base: int | None = None) -> Changes:
    """Answers of a company that enrols staff."""
    lines = [{**WORKER, **change} for change in changes]
    return {
        "employment.enrols_staff": True,
        "employment.monthly_base": 520_000 * len(lines) if base is None else base,
        "staff": lines,
        "tax.employees": 5,
        "housing_fund.headcount": 5,
        "housing_fund.monthly_base": 520_000,
    }


def permits(*changes: Changes) -> Changes:
    """Answers of a company whose scope needs a permit first."""
    return {
        "business_scope.entries": ["I6501", PRE_LICENCE],
        "scope_approvals": [{**PERMIT, **change} for change in changes],
    }


EXAMPLES: dict[str, tuple[Changes, Changes]] = {
    "trade_name_is_chinese": ({}, {"company.trade_name": "星河AB"}),
    "trade_name_is_no_division": (
        {"company.trade_name": "陇上星"},
        {"company.trade_name": "榆中"},
    ),
    "trade_name_is_no_industry": ({}, {"company.trade_name": "科技"}),
    "industry_is_chinese": ({}, {"company.industry": "IT服务"}),
    "division_belongs_to_district": (
        {"company.division": "兰州高新区"},
        {"company.division": "北京"},
    ),
    "name_has_no_national_word": (
        {"company.trade_name": "中正国泰"},
        {"company.trade_name": "中华星河"},
    ),
    "name_has_no_forbidden_word": ({}, {"company.trade_name": "政协之星"}),
    "name_parts_hold_no_form": ({}, {"company.industry": "科技集团"}),
    "only_limited_companies": ({}, {"company.company_kind": "general_partnership"}),
    "address_in_district": ({}, {"address.region": "620123"}),
    "lease_still_runs": (
        {"address.right_of_use": "rented", "address.lease_ends_on": "2027-01-01"},
        {"address.right_of_use": "rented", "address.lease_ends_on": "2026-09-17"},
    ),
    "capital_is_positive": ({}, {"capital.registered": 0}),
    "capital_is_sum_of_contributions": (
        {"capital.registered": 30_000_000, "shareholders.0.amount": 20_000_000},
        {"shareholders.0.amount": 10_000_001},
    ),
    "one_to_fifty_shareholders": ({}, {"shareholders": []}),
    "persons_stand_once_as_shareholders": (
        {"shareholders.0.resident_id": FIRST, "shareholders.1.resident_id": SECOND},
        {"shareholders.0.resident_id": FIRST, "shareholders.1.resident_id": FIRST},
    ),
    "organisations_stand_once_as_shareholders": (
        {"shareholders.0.credit_code": CREDIT_CODE},
        {
            "shareholders.0.credit_code": CREDIT_CODE,
            "shareholders.1.credit_code": CREDIT_CODE,
        },
    ),
    "contribution_forms_are_allowed": (
        {"shareholders.0.contribution_forms": ["cash", "in_kind", "claims"]},
        {"shareholders.1.contribution_forms": ["cash", "labour"]},
    ),
    "contribution_within_five_years": (
        {"shareholders.1.contribution_due_on": "2031-09-18"},
        {"shareholders.1.contribution_due_on": "2031-09-19"},
    ),
    "contribution_not_long_past": (
        {"shareholders.0.contribution_due_on": "2026-09-01"},
        {"shareholders.0.contribution_due_on": "2016-09-01"},
    ),
    "one_director_or_board_of_three": (
        {"directors": [director(FIRST), director(SECOND), director(THIRD)]},
        {"directors": [director(FIRST), director(SECOND)]},
    ),
    "directors_stand_once": (
        {"directors": [director(FIRST), director(SECOND), director(THIRD)]},
        {"directors": [director(FIRST), director(SECOND), director(FIRST)]},
    ),
    "one_executive_director": (
        {"directors": [director(FIRST, "executive"), director(SECOND), director(THIRD)]},
        {"directors": [director(FIRST, "executive"), director(SECOND, "executive")]},
    ),
    "supervisor_is_no_director": (
        {"management.supervisor_resident_id": FIRST},
        {"management.supervisor_resident_id": FIRST, "directors.0.resident_id": FIRST},
    ),
    "supervisor_is_no_manager": (
        {"management.supervisor_resident_id": FIRST, "management.manager_resident_id": SECOND},
        {"management.supervisor_resident_id": FIRST, "management.manager_resident_id": FIRST},
    ),
    "supervisor_is_no_head_of_finance": (
        {"management.supervisor_resident_id": FIRST},
        {"management.supervisor_resident_id": FIRST, "contacts.finance_resident_id": FIRST},
    ),
    "no_supervisor_needs_consent": (
        {"management.supervision": "none", "management.all_shareholders_agree": True},
        {"management.supervision": "none", "management.all_shareholders_agree": False},
    ),
    "director_term_at_most_three_years": (
        {"management.director_term_years": 3},
        {"management.director_term_years": 4},
    ),
    "legal_representative_holds_office": (
        {"management.manager_resident_id": FIRST, "legal_representative.resident_id": FIRST},
        {"legal_representative.resident_id": FIRST},
    ),
    "legal_representative_has_one_name": ({}, {"legal_representative.name": "别人"}),
    "main_activity_is_chosen": ({}, {"business_scope.main_entry": "A0101"}),
    "permits_cover_scope": (permits({}), permits()),
    "permit_is_for_chosen_activity": (permits({}), permits({"entry": "F5114"})),
    "permit_is_issued": (
        permits({"issued_on": A_DAY}),
        permits({"issued_on": "2026-09-19"}),
    ),
    "permit_is_valid": (
        permits({"issued_on": "2026-06-20", "valid_until": None}),
        permits({"issued_on": "2026-06-19", "valid_until": None}),
    ),
    "term_ends_in_future": (
        {"term.term_kind": "fixed", "term.ends_on": "2046-09-17"},
        {"term.term_kind": "fixed", "term.ends_on": "2026-12-31"},
    ),
    "exemption_capital": (
        {"capital.registered": 1_000_000_000},
        {"capital.registered": 1_000_000_001},
    ),
    "exemption_natural_persons": ({}, {"shareholders.1.holder_kind": "organisation"}),
    "exemption_needs_promise": ({}, {"ownership.exemption_promise": False}),
    "somebody_benefits": (owners({}), owners()),
    "beneficial_share_at_least_a_quarter": (
        owners({"share": 2500}),
        owners({"share": 2499}),
    ),
    "beneficial_owners_stand_once": (
        owners({}, {"resident_id": SECOND}),
        owners({}, {}),
    ),
    "benefit_has_begun": (
        owners({"began_on": A_DAY}),
        owners({"began_on": "2026-09-19"}),
    ),
    "beneficial_owner_card_is_valid": (
        owners({"card_valid_until": A_DAY}),
        owners({"card_valid_until": "2026-09-17"}),
    ),
    "official_seal_is_chosen": ({}, {"seals.kinds": ["finance", "contract"]}),
    "staff_stand_once": (staff({}, {"resident_id": SECOND}), staff({}, {})),
    "staff_within_headcount": (
        staff({}),
        {**staff({}, {"resident_id": SECOND}), "tax.employees": 1},
    ),
    "staff_start_is_near": (
        staff({"started_on": "2026-08-19"}),
        staff({"started_on": "2026-08-18"}),
    ),
    "insurance_base_is_sum_of_wages": (
        staff({}, {"resident_id": SECOND}),
        staff({}, base=519_999),
    ),
    "fund_company_ratio_in_range": (
        {"housing_fund.company_ratio": 1200},
        {"housing_fund.company_ratio": 1201},
    ),
    "fund_staff_ratio_in_range": (
        {"housing_fund.staff_ratio": 500},
        {"housing_fund.staff_ratio": 499},
    ),
    "fund_base_fits_headcount": (
        {"housing_fund.headcount": 2, "housing_fund.monthly_base": 1_000_000},
        {"housing_fund.headcount": 2, "housing_fund.monthly_base": 0},
    ),
    "fund_covers_enrolled_staff": (
        staff({}),
        {**staff({}, {"resident_id": SECOND}), "housing_fund.headcount": 1},
    ),
    "only_a_basic_account": ({}, {"bank.only_basic_account": False}),
    "appointment_is_soon": (
        {"bank.preferred_on": "2026-10-18"},
        {"bank.preferred_on": "2026-09-18"},
    ),
}
