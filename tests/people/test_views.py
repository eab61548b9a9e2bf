import pytest

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.people import operations
from khuyencong.people.models import SavedView
from tests.factories.people import SavedViewFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_view_is_kept_under_a_name_and_replaced_by_the_same_name():
    me = UserFactory()

    operations.save_view("projects:list", name="  Đang   chạy ", query="state=running", by=me)
    view = operations.save_view("projects:list", name="Đang chạy", query="sap=-ends_on&state=running", by=me)

    assert list(SavedView.objects.values_list("user", "page", "name", "query")) == [
        (me.pk, "projects:list", "Đang chạy", "sap=-ends_on&state=running")
    ]
    assert view.pk == SavedView.objects.get().pk


@pytest.mark.parametrize(
    ("name", "query"), [(" ", "state=running"), ("x" * 61, "state=running"), ("x", "q=" + "x" * 1999)]
)
def test_a_view_without_a_name_or_too_long_is_refused(name, query):
    with pytest.raises(Invalid):
        operations.save_view("projects:list", name=name, query=query, by=UserFactory())

    assert not SavedView.objects.exists()


def test_twenty_views_of_one_list_and_no_more():
    me = UserFactory()
    for number in range(20):
        operations.save_view("projects:list", name=str(number), query="year=2026", by=me)

    with pytest.raises(NotPossible):
        operations.save_view("projects:list", name="20", query="year=2026", by=me)
    operations.save_view("projects:list", name="19", query="year=2027", by=me)
    operations.save_view("needs:list", name="20", query="kind=support", by=me)

    assert SavedView.objects.filter(user=me).count() == 21


def test_a_view_is_renamed_and_dropped_by_its_owner_alone():
    view, other = SavedViewFactory(name="Cũ"), UserFactory()

    for act in (
        lambda by: operations.rename_view(view, name="Mới", by=by),
        lambda by: operations.delete_view(view, by=by),
    ):
        with pytest.raises(NotAllowed):
            act(other)
    operations.rename_view(view, name="Mới", by=view.user)
    assert SavedView.objects.get().name == "Mới"

    operations.delete_view(view, by=view.user)
    assert not SavedView.objects.exists()


def test_two_views_of_one_list_have_two_names():
    view = SavedViewFactory(name="Một")
    other = SavedViewFactory(user=view.user, page=view.page, name="Hai")

    with pytest.raises(Invalid) as refusal:
        operations.rename_view(other, name="Một", by=view.user)

    assert list(refusal.value.fields) == ["name"]
    assert operations.rename_view(other, name="Hai", by=view.user).name == "Hai"
