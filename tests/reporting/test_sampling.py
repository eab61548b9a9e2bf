"""A sample that anybody draws again, and dossiers that leave with their hashes."""

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage

from khuyencong.audit.models import Event
from khuyencong.audit.queries import verify
from khuyencong.base.errors import Invalid, NotAllowed
from khuyencong.projects.queries import journal_of
from khuyencong.reporting import exports, operations
from khuyencong.reporting.queries import exceptions, sampling
from tests.factories.contracts import VoucherFactory
from tests.factories.documents import DossierItemFactory, PaperFactory, PaperFileFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import ProjectFactory, StepTakenFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def auditor(province):
    return person("auditor", place=province)


@pytest.fixture
def frame(auditor):
    return exceptions.frame_for(auditor)


def test_the_same_seed_draws_the_same_sample_and_another_seed_another(province, frame):
    ProjectFactory.create_batch(8, province=province, approved=True)

    first, again, other = (sampling.draw(frame, seed=seed, size=4).records for seed in ("a1", "a1", "b2"))

    assert first == again
    assert first != other
    assert len({project.pk for project in first}) == 4


def test_the_order_is_that_of_the_printed_rule(province, frame):
    projects = ProjectFactory.create_batch(5, province=province, approved=True)

    drawn = sampling.draw(frame, seed="a1", size=5)

    expected = sorted(projects, key=lambda p: hashlib.sha256(f"a1:{p.uid}".encode()).hexdigest())
    assert (drawn.records, drawn.population, drawn.seed) == (expected, 5, "a1")


def test_a_record_added_later_reorders_nobody(province, frame):
    ProjectFactory.create_batch(4, province=province, approved=True)
    before = [p.pk for p in sampling.draw(frame, seed="a1", size=200).records]
    new = ProjectFactory(province=province, approved=True)

    after = [p.pk for p in sampling.draw(frame, seed="a1", size=200).records]

    assert [pk for pk in after if pk != new.pk] == before


def test_only_what_the_mandate_covers_is_drawn(province, frame):
    mine = ProjectFactory(province=province, approved=True)
    ProjectFactory(approved=True)
    ProjectFactory(province=province, state="draft")
    voucher = VoucherFactory(project=mine)
    VoucherFactory()
    VoucherFactory(project=mine, removed_at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC))

    assert sampling.draw(frame, seed="x", size=10).records == [mine]
    assert sampling.draw(frame, seed="x", size=10, what=sampling.VOUCHERS).records == [voucher]


def test_drawing_asks_two_queries(province, frame, django_assert_num_queries):
    ProjectFactory.create_batch(3, province=province, approved=True)

    with django_assert_num_queries(2):
        [(str(p), p.place, p.implementer) for p in sampling.draw(frame, seed="x", size=3).records]


# ---- taking dossiers away ----


@pytest.fixture
def dossier(province):
    """A project with one paper in its dossier (a scan of it) and one of a step."""
    project = ProjectFactory(province=province, approved=True)
    scan = PaperFileFactory(paper=PaperFactory(number="12/TTr"), file__name="../tờ trình.pdf")
    DossierItemFactory(dossier=project.dossier, paper=scan.paper)
    StepTakenFactory(project=project, paper=PaperFactory(number="86/QĐ-UBND", signed_on=dt.date(2026, 4, 1)))
    return project, scan.file


def unpacked(projects, *, with_scans=True, drawn=""):
    data = b"".join(
        exports.dossiers(
            projects,
            journal=journal_of(projects).iterator(chunk_size=2_000),
            verdict=verify(),
            with_scans=with_scans,
            drawn=drawn,
        )
    )
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_archive_holds_index_scans_journal_verdict_and_hashes_of_all(dossier, auditor):
    project, file = dossier
    operations.take_dossiers([project], by=auditor)

    entries = unpacked([project], drawn="Hạt giống của mẫu: a1")

    index = rows(entries["index.csv"])
    assert [(row["de_an"], row["so_van_ban"], row["sha256"]) for row in index] == [
        (project.code, "12/TTr", file.digest),
        (project.code, "86/QĐ-UBND", ""),
    ]
    scan = index[0]["tep"]
    assert (scan.count("/"), ".." in scan, hashlib.sha256(entries[scan]).hexdigest()) == (2, False, file.digest)
    [line] = rows(entries["journal.csv"])
    told = Event.objects.get(action="audit.export")
    assert (line["ma_viec"], line["viec"], json.loads(line["chi_tiet"])) == ("audit.export", told.label, told.data)
    assert line["luc"] == f"{told.at + dt.timedelta(hours=7):%d/%m/%Y %H:%M:%S}"  # the hour of Vietnam
    assert "Hạt giống của mẫu: a1" in entries["verify.txt"].decode()
    sums = dict(reversed(line.split("  ", 1)) for line in entries["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in entries.items() if name != "SHA256SUMS"}


def test_without_the_right_to_personal_data_the_scans_stay_and_are_named(dossier):
    project, file = dossier

    entries = unpacked([project], with_scans=False)

    assert set(entries) == {"index.csv", "journal.csv", "verify.txt", "SHA256SUMS"}
    row = rows(entries["index.csv"])[0]
    assert (row["tep"], row["sha256"], "không có quyền" in row["ghi_chu"]) == ("", file.digest, True)


def test_a_scan_that_is_gone_is_named_and_does_not_stop_the_rest(dossier):
    project, file = dossier
    default_storage.delete(file.path)

    entries = unpacked([project])

    assert "Không tìm thấy nội dung tệp" in rows(entries["index.csv"])[0]["ghi_chu"]


def test_a_broken_journal_is_told_in_the_archive(dossier, monkeypatch):
    from khuyencong.audit.queries import Verdict

    text = "".join(exports._verdict_lines(Verdict(3, 0, broken=4, reason="nội dung dòng đã bị sửa"), ""))

    assert text.startswith("Nhật ký bị sai từ dòng thứ 4: nội dung dòng đã bị sửa.")


def test_taking_dossiers_is_remembered_for_each_project(dossier, auditor):
    project, _file = dossier

    assert operations.take_dossiers([project], by=auditor) == 1

    assert Event.objects.values_list("action", "subject_id", "actor_id").get() == (
        "audit.export",
        project.pk,
        auditor.pk,
    )


@pytest.mark.parametrize("who", ["appraiser", "administrator"])
def test_who_does_not_audit_takes_nothing(who, dossier, province):
    with pytest.raises(NotAllowed):
        operations.take_dossiers([dossier[0]], by=person(who, place=province))

    assert not Event.objects.exists()


def test_nothing_outside_the_mandate_is_taken(dossier, auditor):
    with pytest.raises(NotAllowed):
        operations.take_dossiers([dossier[0], ProjectFactory(approved=True)], by=auditor)


def test_none_and_too_many_are_refused(auditor):
    with pytest.raises(Invalid):
        operations.take_dossiers([], by=auditor)
    with pytest.raises(Invalid):
        operations.take_dossiers([object()] * (sampling.LARGEST + 1), by=auditor)
