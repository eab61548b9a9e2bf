import pytest

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.establishments import operations, queries
from khuyencong.establishments.models import Establishment, NotDuplicate
from khuyencong.organisations.models import Organisation
from tests.establishments.given import DAY, remembered
from tests.factories.establishments import (
    EstablishmentFactory,
    SupportedItemFactory,
    YearlyFactsFactory,
)

pytestmark = pytest.mark.django_db


def test_a_merger_keeps_both_histories(officer, commune):
    old, kept = EstablishmentFactory(commune=commune), EstablishmentFactory(commune=commune)
    given, facts = SupportedItemFactory(establishment=old), YearlyFactsFactory(establishment=old)

    operations.merge(old, into=kept, by=officer, reason="Cùng một cơ sở")

    given.refresh_from_db()
    facts.refresh_from_db()
    old.refresh_from_db()
    assert (given.establishment, facts.establishment, old.merged_into) == (old, old, kept)
    assert queries.all_of(kept) == [kept.pk, old.pk]
    assert queries.standing(old) == kept
    assert queries.given_to(queries.records_of([kept])) == {kept.pk: [given]}
    assert list(Establishment.objects.active()) == [kept]
    assert remembered("establishment.merge", old) == remembered("establishment.receive_merger", kept) == 1


def test_a_merger_is_a_succession_of_legal_persons(officer, commune):
    old, kept = EstablishmentFactory(commune=commune), EstablishmentFactory(commune=commune)

    operations.merge(old, into=kept, by=officer, reason="Cùng một cơ sở", on=DAY)

    organisation = Organisation.objects.get(pk=old.organisation_id)
    assert organisation.ended_on == DAY
    assert organisation.successions.get().new == kept.organisation


def test_a_merger_takes_over_what_is_better(officer, commune):
    old = EstablishmentFactory(commune=commune, company=True, phone="0912345678")
    kept = EstablishmentFactory(commune=commune, phone="0987654321")

    kept = operations.merge(old, into=kept, by=officer, reason="Cùng một cơ sở", take=["tax_code", "legal_form"])

    assert (kept.tax_code, kept.legal_form, kept.phone) == ("0100233488", "enterprise", "0987654321")
    assert kept.organisation.tax_code == "0100233488"


def test_mergers_of_mergers_stand_together(officer, commune):
    a, b, c = EstablishmentFactory.create_batch(3, commune=commune)
    operations.merge(a, into=b, by=officer, reason="Trùng")
    operations.merge(b, into=c, by=officer, reason="Trùng")
    a.refresh_from_db()

    itself, *others = queries.all_of(c)
    assert (itself, set(others)) == (c.pk, {a.pk, b.pk})
    assert (a.merged_into, queries.standing(a)) == (c, c)
    assert queries.invariants() == []


def test_a_record_that_was_merged_is_asked_together_with_the_one_that_stands(officer, commune):
    old, other, kept = EstablishmentFactory.create_batch(3, commune=commune)
    twin = EstablishmentFactory(commune=commune, tax_code="0100233488")
    kept.tax_code = twin.tax_code
    kept.save()
    for merged in (old, other):
        operations.merge(merged, into=kept, by=officer, reason="Trùng")
    old.refresh_from_db()

    assert queries.records_of([old, twin]) == {
        old.pk: {old.pk, kept.pk, other.pk, twin.pk},
        twin.pk: {old.pk, kept.pk, other.pk, twin.pk},
    }


def test_what_is_merged_is_merged_once_and_not_into_itself(officer, commune):
    a, b, c = EstablishmentFactory.create_batch(3, commune=commune)
    operations.merge(a, into=b, by=officer, reason="Trùng")

    for old, into in ((a, c), (c, a), (b, b)):
        with pytest.raises(NotPossible):
            operations.merge(old, into=into, by=officer, reason="Trùng")


def test_a_merged_record_is_no_longer_changed(officer, commune):
    a, b = EstablishmentFactory.create_batch(2, commune=commune)
    operations.merge(a, into=b, by=officer, reason="Trùng")

    with pytest.raises(NotPossible):
        operations.change(a, by=officer, name="Khác")


def test_a_merger_needs_a_reason_and_the_right_at_both_places(officer, keeper, commune):
    here, there = EstablishmentFactory(commune=commune), EstablishmentFactory()

    with pytest.raises(Invalid):
        operations.merge(here, into=EstablishmentFactory(commune=commune), by=officer, reason=" ")
    with pytest.raises(NotAllowed):
        operations.merge(here, into=there, by=officer, reason="Trùng")
    with pytest.raises(NotAllowed):
        operations.merge(here, into=EstablishmentFactory(commune=commune), by=keeper, reason="Trùng")


def test_a_dismissed_pair_is_no_longer_proposed(officer, commune):
    one = EstablishmentFactory(commune=commune, name="Cơ sở Ngọc Tứ")
    other = EstablishmentFactory(commune=commune, name="CS Ngoc Tu")

    operations.dismiss_duplicate(other, other=one, by=officer, reason="Hai chủ khác nhau")
    operations.dismiss_duplicate(one, other=other, by=officer, reason="Hai chủ khác nhau")

    assert NotDuplicate.objects.count() == 1
    assert queries.duplicate_pairs(officer, province=commune.province) == []
    assert queries.duplicates_of(name=one.name, commune=commune, exclude=one) == []


def test_a_pair_is_dismissed_with_a_reason(officer, commune):
    one, other = EstablishmentFactory.create_batch(2, commune=commune)

    with pytest.raises(Invalid):
        operations.dismiss_duplicate(one, other=other, by=officer, reason="")
    with pytest.raises(NotPossible):
        operations.dismiss_duplicate(one, other=one, by=officer, reason="Khác")
