"""The page of authority is whole: every act has somebody, every role exists, recordable acts are acts."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import RECORDABLE, ROLES

DECIDING = {p for p in Permission if "approve" in p or "decide" in p or p.startswith("change.")}


@pytest.mark.parametrize("permission", list(Permission))
def test_every_act_is_held_by_some_role(permission):
    assert [name for name, role in ROLES.items() if permission in role.permissions]


def test_the_sixteen_roles_of_the_work_and_the_account_of_the_system_are_there():
    assert set(ROLES) == {
        "collaborator",
        "commune_officer",
        "establishment",
        "centre_officer",
        "centre_director",
        "implementer",
        "appraiser",
        "department_director",
        "finance_officer",
        "accountant",
        "registry_clerk",
        "provincial_approver",
        "ministry_agency",
        "ministry_approver",
        "auditor",
        "administrator",
        "system",
    }


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_bound_to_something_known_and_names_only_its_own_acts(name):
    role = ROLES[name]

    assert set(role.bound) <= {"place", "body", "country"}
    assert role.bound
    assert role.own_body <= role.permissions
    assert str(role.label)


@pytest.mark.parametrize(
    "name", ["administrator", "auditor", "system", "registry_clerk", "collaborator", "establishment"]
)
def test_who_manages_audits_or_records_decides_nothing(name):
    assert ROLES[name].permissions & DECIDING == set()


def test_an_auditor_only_looks():
    assert ROLES["auditor"].permissions <= {Permission.VIEW, Permission.VIEW_PERSONAL, Permission.AUDIT}


def test_the_implementer_never_accepts_and_the_department_does():
    holders = {name for name, role in ROLES.items() if Permission.ACCEPT in role.permissions}

    assert holders == {"department_director"}


def test_only_the_ministry_decides_national_money():
    assert {n for n, r in ROLES.items() if Permission.PLAN_APPROVE_NATIONAL in r.permissions} == {"ministry_approver"}
    assert {n for n, r in ROLES.items() if Permission.CHANGE_BY_MINISTER in r.permissions} == {"ministry_approver"}


def test_recordable_acts_are_held_by_a_signer_too():
    assert {p for p in RECORDABLE if not any(p in role.permissions for role in ROLES.values())} == set()


def test_every_permission_that_code_names_exists():
    for path in Path(settings.BASE_DIR / "khuyencong").rglob("*.py"):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "Permission." in text else ():
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Permission":
                assert hasattr(Permission, node.attr), f"{path.name}: Permission.{node.attr}"
