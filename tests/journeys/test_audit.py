"""The auditor takes dossiers home: the zip holds every paper with its hash, and its own account of them is right."""

import csv
import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from khuyencong.audit.models import Event
from khuyencong.audit.operations import seal
from tests.journeys import steps
from tests.journeys.conftest import at, nothing_contradicts

pytestmark = pytest.mark.slow


def scan(name: str, colour: str) -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (200, 280), colour).save(target, "PNG")
    return SimpleUploadedFile(name, target.getvalue(), "image/png")


def test_the_auditor_takes_the_dossiers_he_drew_and_can_prove_them(land, people):
    director, auditor = people.centre_director, people.auditor
    one, two = (
        steps.machine_file(people, land, title=title, where=where)
        for title, where in (("Máy sấy trống quay", land.thang), ("Máy dệt thổ cẩm", land.xanh))
    )
    for number, project in enumerate((one, two), start=1):
        letter = director.signed(1, 20, no=f"{number}/TTKC", scans=scan(f"cong-van-{number}.png", "white"))
        director.does(at("projects:submit", project.pk), **letter)
    seal()

    # only the auditor, and only what his mandate covers
    for hand in (people.accountant, people.department_director, people.administrator):
        hand.may_not(at("audit:export"), **{"de-an": [one.pk]})
    people.stranger.may_not(at("audit:export"), **{"de-an": [one.pk]})

    answer = auditor.client.post(at("audit:export"), {"de-an": [one.pk, two.pk], "hat-giong": "20261122"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    inside = {name: archive.read(name) for name in archive.namelist()}

    # the sums are those of what lies in it, and the index names each scan with the same sum
    sums = dict(reversed(line.split("  ")) for line in inside["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(inside) - {"SHA256SUMS"}
    assert all(hashlib.sha256(inside[name]).hexdigest() == digest for name, digest in sums.items())
    index = list(csv.DictReader(io.StringIO(inside["index.csv"].decode("utf-8-sig"))))
    assert {row["de_an"] for row in index} == {one.code, two.code}
    letters = {row["so_van_ban"]: row for row in index if row["tep"]}
    assert set(letters) == {"1/TTKC", "2/TTKC"}
    assert all(sums[row["tep"]] == row["sha256"] for row in letters.values())

    # the journal of these records, and whether the whole of it holds
    journal = inside["journal.csv"].decode("utf-8-sig")
    assert one.title in journal
    assert two.title in journal
    assert "20261122" in inside["verify.txt"].decode()
    assert Event.objects.filter(action="audit.export").count() == 2
    nothing_contradicts()
