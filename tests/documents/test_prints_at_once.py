"""Two people print one form at the same moment: one is first, the other gets the same paper or the next version."""

import uuid

import pytest

from khuyencong.documents import operations
from khuyencong.documents.models import Print
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from tests.at_once import ON_POSTGRESQL, there, together
from tests.documents.test_papers import FORM, context
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

pytestmark = [pytest.mark.django_db(transaction=ON_POSTGRESQL), pytest.mark.slow]

SUBJECT = uuid.uuid4()


@pytest.fixture
def printing(shared):
    def set_up():
        province = ProvinceFactory()
        return province.pk, [person("centre_officer", place=province).pk for _each in range(2)]

    province, people = there(set_up)

    def at(who, **more):
        printed, _filled = operations.record_print(
            FORM,
            context=context(**more),
            subject_kind="project",
            subject_uid=SUBJECT,
            subject="Máy ép gạch",
            by=User.objects.get(pk=people[who]),
            province=Unit.objects.get(pk=province),
        )
        return printed.code, printed.version

    return at


def test_the_same_new_form_printed_twice_at_once_is_one_paper(printing):
    first, second = together(lambda: printing(0), lambda: printing(1))

    assert first == second
    assert first[1] == 1
    assert there(lambda: Print.objects.count()) == 1


def test_other_content_printed_at_once_gets_the_next_version(printing):
    answers = together(lambda: printing(0), lambda: printing(1, total=1))

    assert sorted(version for _code, version in answers) == [1, 2]


def test_content_changed_and_printed_twice_at_once_is_one_second_version(printing):
    there(printing, 0)

    first, second = together(lambda: printing(0, total=1), lambda: printing(1, total=1))

    assert first == second
    assert first[1] == 2
