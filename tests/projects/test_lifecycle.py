"""The table itself: every step from every state at each level, and every state reachable."""

import datetime as dt
from types import SimpleNamespace

import pytest

from khuyencong.authority.roles import ROLES
from khuyencong.base.errors import NotPossible
from khuyencong.documents.enums import PaperKind
from khuyencong.norms.enums import Ground, Level
from khuyencong.projects import operations
from khuyencong.projects.enums import APPROVED_ON, BEFORE_APPROVAL, RETURNS, ProjectState
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.projects.models import Beneficiary, Project
from tests.factories.people import people_of
from tests.projects.conftest import a_land, a_project
from tests.worlds import once, own

EVERY = [(level, step.name) for level in Level.values for step in LIFECYCLES[level]]
REASONED = {"return", "fail", "ministry_return", "ministry_fail", "withdraw", "stop"}
PERFORM = {"return": operations.return_}


def holder(people, step):
    """Somebody of this land whose role takes this step."""
    return next(
        user for user in people if any(step.permission in ROLES[m.role].permissions for m in user.mandates_today)
    )


def perform(step, project, **facts):
    if step.name in REASONED:
        facts["reason"] = "Thiếu báo giá"
    if step.name in RETURNS:
        facts["due_on"] = facts["on"]
    return PERFORM.get(step.name, getattr(operations, step.name, None))(project, **facts)


def _every_file():
    """A whole file of each level in each state, and everybody who works on them."""
    land = a_land()
    files = {}
    for level in Level.values:
        national = level == Level.NATIONAL
        amounts = {"national": 300_000_000 if national else 0, "local": 0 if national else 300_000_000}
        for state in ProjectState.values:
            files[level, state] = a_project(land, level=level, state=state, **amounts).pk
    Beneficiary.objects.update(approved_on=dt.date(2026, 3, 1))
    people = people_of(land)
    return SimpleNamespace(files=files, people=[user for user in people if user is not people.stranger])


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(_every_file, django_db_blocker)


@pytest.mark.parametrize(("level", "name"), EVERY)
def test_a_step_is_taken_from_its_own_states_and_from_no_other(level, name, made, db, paper, day):
    step, taken, letter = LIFECYCLES[level][name], {}, paper(name)
    by = holder(own(made.people), step)

    for state in ProjectState.values:
        file = Project.objects.get(pk=made.files[level, state])
        try:
            taken[state] = perform(step, file, by=by, on=day, paper=letter).state
        except NotPossible:
            file.refresh_from_db()
            assert (file.state, file.steps.count()) == (state, 0)

    assert taken == dict.fromkeys(step.sources, step.target)


@pytest.mark.parametrize("level", Level.values)
def test_every_state_that_a_level_knows_can_be_reached_from_the_draft(level):
    reached, edge = {"draft"}, {"draft"}
    while edge:
        edge = {step.target for step in LIFECYCLES[level] for state in edge if state in step.sources} - reached
        reached |= edge

    ministry = {"registered", "ministry_appraised"} if level != Level.NATIONAL else set()
    assert reached == set(ProjectState.values) - ministry


def test_a_state_is_either_before_approval_or_from_it_on():
    assert sorted([*BEFORE_APPROVAL, *APPROVED_ON]) == sorted(ProjectState.values)


@pytest.mark.parametrize("level", Level.values)
def test_every_step_names_a_permission_that_a_role_holds_a_known_paper_and_what_it_rests_on(level):
    for step in LIFECYCLES[level]:
        assert any(step.permission in role.permissions for role in ROLES.values()), step.name
        assert step.paper in ("", *PaperKind.values), step.name
        assert step.ground in Ground, step.name
