"""Everything that somebody must be allowed to do, by name.  ``roles.py`` says who may."""

from enum import StrEnum


class Permission(StrEnum):
    # looking
    VIEW = "view"  # working records of the territory: needs, projects, plans, contracts, money
    VIEW_OWN = "view_own"  # only what one's own body is party to
    VIEW_PERSONAL = "view_personal"  # phones, personal numbers, learner lists
    AUDIT = "audit"  # exceptions, samples, journal, export of dossiers
    # the house itself
    PEOPLE_MANAGE = "people.manage"
    CATALOGUE_MANAGE = "catalogue.manage"  # places' facts, organisations, legal instruments and their rows
    IMPORT = "import"
    HAND_OVER = "hand_over"
    # papers
    PAPER_RECORD = "paper.record"  # ghi nhận văn bản: a decision that somebody else signed on paper
    # establishments
    ESTABLISHMENT_EDIT = "establishment.edit"
    ESTABLISHMENT_EDIT_OWN = "establishment.edit_own"
    ESTABLISHMENT_MERGE = "establishment.merge"
    # needs
    CALL_OPEN = "call.open"
    NEED_REGISTER = "need.register"
    NEED_CONFIRM = "need.confirm"  # UBND cấp xã xác nhận
    SURVEY_PLAN = "survey.plan"
    SURVEY_RECORD = "survey.record"
    NEED_PROPOSE = "need.propose"  # the Centre proposes: plan, not plan, next year
    NEED_DECIDE = "need.decide"  # the department confirms and answers
    # projects
    PROJECT_DRAFT = "project.draft"
    PROJECT_SUBMIT = "project.submit"  # the implementer's head signs and sends
    PROJECT_APPRAISE = "project.appraise"  # base appraisal (cấp cơ sở)
    PROJECT_REGISTER = "project.register"  # the department registers national projects with the agency
    PROJECT_APPRAISE_MINISTRY = "project.appraise_ministry"
    PROJECT_WITHDRAW = "project.withdraw"
    BENEFICIARIES_APPROVE = "beneficiaries.approve"  # Mẫu 11: the department approves the list of a group project
    COUNCIL_FORM = "council.form"
    COUNCIL_SCORE = "council.score"
    # plans
    PLAN_DRAFT = "plan.draft"
    PLAN_SUBMIT = "plan.submit"
    OPINION_ASK = "opinion.ask"
    OPINION_GIVE = "opinion.give"
    PLAN_APPROVE_NATIONAL = "plan.approve_national"
    PLAN_APPROVE_PROVINCIAL = "plan.approve_provincial"
    PLAN_APPROVE_COMMUNAL = "plan.approve_communal"
    CHANGE_CONFIRM = "change.confirm"  # the department confirms what the implementer asks for (TT 36/2013 Đ11.1)
    CHANGE_BY_MINISTER = "change.by_minister"  # TT 36/2013 Đ11.2a
    CHANGE_BY_AGENCY = "change.by_agency"  # TT 36/2013 Đ11.2b
    CHANGE_BY_DEPARTMENT = "change.by_department"  # TT 36/2013 Đ11.4 and local rows
    # money
    BUDGET_RECORD = "budget.record"  # quyết định giao dự toán
    BUDGET_CARRY = "budget.carry"
    # contracts
    ASSIGN = "contract.assign"  # assignment or contract with the implementer
    CONTRACT_SIGN = "contract.sign"  # support contract with a beneficiary
    TENDER_RECORD = "tender.record"
    PROGRESS_REPORT = "progress.report"
    PROGRESS_REPORT_OWN = "progress.report_own"
    VOLUME_CONFIRM = "volume.confirm"  # the department confirms volume before a request leaves (Đ21.4)
    ADVANCE_REQUEST = "advance.request"
    ADVANCE_PAY = "advance.pay"
    ACCEPT = "contract.accept"
    VOUCHER_RECORD = "voucher.record"
    SETTLE = "contract.settle"
    LIQUIDATE = "contract.liquidate"
    RECOVER = "contract.recover"  # quyết định thu hồi
    # reports
    REPORT_CLOSE = "report.close"
    REPORT_RECEIVE_PROVINCIAL = "report.receive_provincial"  # Đ21.5: to the provincial committee and to the agency,
    REPORT_RECEIVE_AGENCY = "report.receive_agency"  # and each accepts for itself


# Whoever holds no others reads and records nothing.
LOOKING = frozenset({Permission.VIEW, Permission.VIEW_OWN, Permission.VIEW_PERSONAL, Permission.AUDIT})
