import datetime as dt

import pytest

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.establishments import operations, queries
from tests.establishments.given import DAY, TOMORROW, remembered
from tests.factories.establishments import (
    ClusterFactory,
    CraftVillageRecognitionFactory,
    EstablishmentFactory,
    ProductFactory,
    SupportedItemFactory,
)
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db


# --- recognitions and supports


def test_a_recognition_told_again_completes_the_first(officer, commune):
    product = ProductFactory(establishment__commune=commune)

    operations.record_recognition(product, level="province", year=2024, source="Báo", by=officer)
    operations.record_recognition(product, level="province", year=2024, decision="QĐ 1", by=officer)

    recognition = product.recognitions.get()
    assert (recognition.decision, recognition.source) == ("QĐ 1", "Báo")


def test_a_support_is_recorded_once(accountant, commune):
    establishment = EstablishmentFactory(commune=commune)
    told = {"item": "Máy sấy", "amount": 5, "source": "KCĐP", "on": DAY, "serial": "S1", "by": accountant}

    first = operations.record_supported_item(establishment, **told)
    again = operations.record_supported_item(establishment, **told)
    other = operations.record_supported_item(establishment, **{**told, "serial": "S2"})

    assert first == again
    assert other != first
    assert remembered("establishment.record_supported_item", establishment) == 2


def test_a_support_is_recorded_by_those_who_settle(keeper, commune):
    with pytest.raises(NotAllowed):
        operations.record_supported_item(
            EstablishmentFactory(commune=commune), item="Máy", amount=1, source="KCĐP", on=DAY, by=keeper
        )


def test_a_withdrawn_support_stays_and_no_longer_counts(accountant, commune):
    row = SupportedItemFactory(establishment__commune=commune)

    operations.withdraw_supported_item(row, by=accountant, on=DAY, reason="Đã nộp trả")

    assert queries.given_to(queries.records_of([row.establishment])) == {row.establishment.pk: []}
    assert row.establishment.supported_items.count() == 1
    with pytest.raises(NotPossible):
        operations.withdraw_supported_item(row, by=accountant, on=DAY, reason="Lần nữa")


# --- villages and clusters


def test_a_village_is_recognised_until_withdrawn(officer, commune):
    village = operations.register_village(name="Làng nghề gốm", commune=commune, by=officer)

    recognition = operations.recognise_village(
        village, kind="craft", decision="QĐ 5", by=officer, on=dt.date(2020, 5, 1)
    )
    operations.withdraw_village(recognition, decision="QĐ 9", by=officer, on=dt.date(2025, 5, 1))

    recognised = [
        village.recognitions.on(day).exists()
        for day in (dt.date(2020, 4, 30), dt.date(2020, 5, 1), dt.date(2025, 4, 30), dt.date(2025, 5, 1))
    ]
    assert recognised == [False, True, True, False]
    assert remembered("village.recognise", village) == remembered("village.withdraw", village) == 1


def test_a_village_is_recognised_once_at_a_time(officer, commune):
    recognition = CraftVillageRecognitionFactory(village__commune=commune)

    with pytest.raises(NotPossible):
        operations.recognise_village(recognition.village, kind="craft", decision="QĐ 2", by=officer, on=DAY)
    assert operations.recognise_village(recognition.village, kind="traditional", decision="QĐ 2", by=officer, on=DAY)


@pytest.mark.parametrize("on", [dt.date(2020, 1, 1), TOMORROW])
def test_a_withdrawal_follows_the_recognition_and_is_not_of_tomorrow(officer, commune, on):
    recognition = CraftVillageRecognitionFactory(village__commune=commune)

    with pytest.raises(Invalid):
        operations.withdraw_village(recognition, decision="QĐ 9", by=officer, on=on)


def test_villages_and_clusters_are_entered_for_the_province(keeper, commune):
    with pytest.raises(NotAllowed):
        operations.register_village(name="Làng nghề gốm", commune=commune, by=keeper)
    with pytest.raises(NotAllowed):
        operations.found_cluster(name="Cụm công nghiệp", commune=commune, by=keeper)


def test_a_cluster_ends_once_after_its_founding(officer, commune):
    cluster = ClusterFactory(commune=commune)

    with pytest.raises(Invalid):
        operations.end_cluster(cluster, decision="QĐ 1", by=officer, on=cluster.founded_on)
    operations.end_cluster(cluster, decision="QĐ 1", by=officer, on=DAY)
    with pytest.raises(NotPossible):
        operations.end_cluster(cluster, decision="QĐ 1", by=officer, on=DAY)

    assert [cluster.exists_on(day) for day in (DAY - dt.timedelta(1), DAY)] == [True, False]


def test_names_of_villages_and_clusters_are_taken_once_in_a_commune(officer, commune):
    operations.register_village(name="Làng nghề gốm", commune=commune, by=officer)
    operations.found_cluster(name="Cụm Ea Đar", commune=commune, by=officer)

    with pytest.raises(Invalid):
        operations.register_village(name="LANG NGHE GOM", commune=commune, by=officer)
    with pytest.raises(Invalid):
        operations.found_cluster(name="cum ea dar", commune=commune, by=officer)
    assert operations.found_cluster(name="Cụm Ea Đar", commune=CommuneFactory(province=commune.province), by=officer)


def test_nobody_enters_for_another_province(officer):
    with pytest.raises(NotAllowed):
        operations.found_cluster(name="Cụm", commune=CommuneFactory(province=ProvinceFactory()), by=officer)
