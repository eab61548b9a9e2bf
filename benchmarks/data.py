"""The data set that everything is measured against: a whole country over fifteen years, invented and reproducible.

50,000 projects with beneficiaries, estimates, steps, plans, ledger lines and contracts; 300,000 establishments; 50,000 needs;
50,000 papers; 100,000 lines of the journal; people with mandates of every role.  Written as rows, past the acts: what is
measured is reading.
"""

import datetime as dt
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from benchmarks import establishments as invented
from khuyencong.base import clock
from khuyencong.base.bulk import insert
from khuyencong.base.text import fold, sort_key

SEED = 20_261_122
NOW = clock.today().year
YEARS = range(NOW - 13, NOW + 2)  # the last one is being prepared
MILLION = 1_000_000
VIETNAM = dt.timezone(dt.timedelta(hours=7))
ROLES_OF_A_PROVINCE = {
    "centre_director": 1,
    "appraiser": 3,
    "department_director": 1,
    "finance_officer": 1,
    "accountant": 2,
    "registry_clerk": 1,
    "provincial_approver": 1,
    "auditor": 1,
    "administrator": 1,
}
WORKS = (
    "machinery|Hỗ trợ ứng dụng máy móc tiên tiến trong sản xuất|3",
    "machinery|Hỗ trợ đầu tư máy móc, thiết bị chế biến|3",
    "demonstration|Xây dựng mô hình trình diễn kỹ thuật sản xuất|3",
    "vocational|Đào tạo nghề, truyền nghề|1",
    "management_course|Tập huấn nâng cao năng lực quản lý cho cơ sở|2",
    "fair_joined|Hỗ trợ tham gia hội chợ, triển lãm hàng|4",
    "trademark|Xây dựng và đăng ký thương hiệu|4",
    "award_round|Tổ chức bình chọn sản phẩm tiêu biểu|4",
    "consulting|Tư vấn, trợ giúp cơ sở|5",
    "media|Xây dựng chuyên mục truyền hình về|6",
    "pollution_establishment|Xử lý ô nhiễm môi trường tại cơ sở|7",
    "cleaner_production|Đánh giá sản xuất sạch hơn cho cơ sở|3",
)
LIFE = (
    ("submit", "draft", "submitted"),
    ("appraise", "submitted", "appraised"),
    ("register", "appraised", "registered"),
    ("ministry_appraise", "registered", "ministry_appraised"),
    ("approve", "", "approved"),
    ("assign", "approved", "assigned"),
    ("begin", "assigned", "running"),
    ("accept", "running", "accepted"),
    ("settle", "accepted", "settled"),
    ("liquidate", "settled", "liquidated"),
)
MINISTRY_ONLY = ("register", "ministry_appraise")
NEXT_YEAR = ("draft", "draft", "submitted", "submitted", "appraised", "appraised", "registered", "ministry_appraised")
THIS_YEAR = (
    "approved",
    "assigned",
    "running",
    "running",
    "running",
    "accepted",
    "settled",
    "stopped",
    "draft",
    "failed",
)
LAST_YEAR = ("liquidated",) * 12 + ("settled", "accepted", "running", "failed")
LONG_AGO = ("liquidated",) * 30 + ("stopped", "failed", "withdrawn")


@dataclass
class Sizes:
    """How much is made; ``share`` of everything for a quick look."""

    share: float = 1.0
    projects: int = 50_000
    establishments: int = 300_000
    needs: int = 50_000
    papers: int = 50_000
    journal: int = 100_000
    made: dict[str, int] = field(default_factory=dict)

    def of(self, name: str) -> int:
        return max(34, int(getattr(self, name) * self.share))


class Writer:
    """Gives keys and writes rows of one model: rows of other models may point at a key before it is written."""

    def __init__(self, model: type[models.Model], *names: str):
        self.model, self.names = model, ("id", *names)
        first = model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
        self.keys, self.rows, self.written = count(first + 1), [], 0

    def add(self, *values: Any) -> int:
        """One row more; its key."""
        key = next(self.keys)
        self.rows.append((key, *values))
        if len(self.rows) >= 20_000:
            self.flush()
        return key

    def flush(self) -> None:
        self.written += insert(self.model, self.names, self.rows)
        self.rows = []


def model_of(label: str) -> Any:
    from django.apps import apps

    return apps.get_model(label)


def day_of(pick: random.Random, year: int, first: int = 1, last: int = 12) -> dt.date:
    return dt.date(year, pick.randint(first, last), pick.randint(1, 28))


def make(sizes: Sizes, say: Callable[[str], None]) -> dict[str, int]:
    """Fill an empty, migrated database; returns how many rows of each model there are."""
    call_command("load_places", verbosity=0)
    call_command("load_norms", verbosity=0)
    with hurried(), transaction.atomic():
        country = Country(random.Random(SEED), sizes)
        for step in (
            country.bodies,
            country.people,
            country.papers,
            country.establishments,
            country.needs,
            country.projects,
            country.journal,
        ):
            step()
            say(f"  {step.__name__}")
        country.flush()
        country.reset_sequences()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return {writer.model._meta.label: writer.written for writer in country.writers.values()}


class hurried:  # noqa: N801 - read as a word
    """While the data set is written nothing waits for the disk, and no reference is looked up."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA foreign_keys=OFF")
                cursor.execute("PRAGMA synchronous=OFF")
                cursor.execute("PRAGMA cache_size=-400000")
                return
            cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
            if cursor.fetchone()[0]:
                cursor.execute("SET session_replication_role = replica")

    def __exit__(self, *_error: object) -> None:
        connection.close()  # the next one begins with its own settings


class Country:
    """The steps by which the data set is made, in order; each uses what the earlier ones made."""

    def __init__(self, pick: random.Random, sizes: Sizes):
        from khuyencong.places.models import Unit

        self.pick, self.sizes = pick, sizes
        self.writers: dict[str, Writer] = {}
        self.provinces = list(Unit.objects.current().provinces().order_by("code"))
        self.communes = list(Unit.objects.current().communes().order_by("code"))
        self.inside: dict[int, list[Any]] = {p.pk: [] for p in self.provinces}
        for commune in self.communes:
            self.inside[commune.province_id].append(commune)
        self.centre: dict[int, int] = {}
        self.department: dict[int, int] = {}
        self.users: dict[int, int] = {}  # the appraiser of each province writes things down
        self.names: dict[int, str] = {}  # of bodies that projects name

    def writer(self, label: str, *names: str) -> Writer:
        if label not in self.writers:
            self.writers[label] = Writer(model_of(label), *names)
        return self.writers[label]

    def flush(self) -> None:
        for writer in self.writers.values():
            writer.flush()

    def reset_sequences(self) -> None:
        touched = [writer.model for writer in self.writers.values()]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), touched):
                cursor.execute(statement)

    # -- bodies and people

    def body(self, name: str, kind: str, place: Any, tax_code: str = "") -> int:
        province = None if place is None else place.pk if place.level == "province" else place.province_id
        return self.writer(
            "organisations.Organisation",
            *("name", "folded", "sort_key", "kind", "place_id", "province_id", "tax_code"),
        ).add(name, fold(name), sort_key(name)[:1000], kind, place and place.pk, province, tax_code)

    def bodies(self) -> None:
        self.ministry = self.body("Bộ Công Thương", "ministry", None)
        self.agency = self.body("Cục Khuyến công", "agency", None)
        for province in self.provinces:
            self.body(f"Ủy ban nhân dân {province.full_name}", "province_committee", province)
            self.body(f"Sở Tài chính {province.name}", "finance_department", province)
            self.department[province.pk] = self.body(f"Sở Công Thương {province.name}", "department", province)
            name = f"Trung tâm Khuyến công {province.name}"
            self.centre[province.pk] = self.body(name, "centre", province)
            self.names[self.centre[province.pk]] = name
        for commune in self.communes:
            self.body(f"Ủy ban nhân dân {commune.full_name}", "commune_committee", commune)
        self.flush()

    def people(self) -> None:
        """Of every role in every province, and those who look at the whole country; names say the role: ``66.appraiser.1``."""
        user = self.writer(
            "people.User",
            "username",
            "password",
            "last_name",
            "first_name",
            "folded",
            "sort_key",
            "province_id",
            "date_joined",
        )
        mandate = self.writer(
            "people.Mandate",
            *(
                "user_id",
                "role",
                "place_id",
                "area_id",
                "organisation_id",
                "whole_country",
                "employer_id",
                "valid_from",
            ),
        )
        area = self.writer("organisations.Area", "organisation_id", "name", "valid_from")
        through = self.writer("organisations.Area_communes", "area_id", "unit_id")
        since, joined = dt.date(2015, 1, 1), dt.datetime(2015, 1, 1, 8, tzinfo=VIETNAM)

        def person(username: str, province: int | None) -> int:
            last = f"{self.pick.choice(invented.FAMILY)} {self.pick.choice(invented.MIDDLE)}"
            first = self.pick.choice(invented.GIVEN)
            full = f"{last} {first}"
            return user.add(
                username, "!", last, first, fold(f"{full} {username}"), sort_key(f"{first} {last}"), province, joined
            )

        for province in self.provinces:
            at, inside = province.pk, self.inside[province.pk]
            for role, number in ROLES_OF_A_PROVINCE.items():
                employer = self.centre[at] if role.startswith("centre") else self.department[at]
                for n in range(1, number + 1):
                    who = person(f"{province.code}.{role}.{n}", at)
                    if role == "appraiser":
                        self.users[at] = who
                    mandate.add(who, role, at, None, None, False, employer, since)
            for n, first in enumerate(range(0, len(inside), 20), start=1):
                zone = area.add(self.centre[at], f"Cụm {n}", since)
                for commune in inside[first : first + 20]:
                    through.add(zone, commune.pk)
                who = person(f"{province.code}.centre_officer.{n}", at)
                mandate.add(who, "centre_officer", None, zone, None, False, self.centre[at], since)
            for n, commune in enumerate(inside[:40], start=1):
                for role in ("commune_officer", "collaborator"):
                    who = person(f"{province.code}.{role}.{n}", at)
                    mandate.add(who, role, commune.pk, None, None, False, None, since)
            who = person(f"{province.code}.implementer.1", at)
            mandate.add(who, "implementer", None, None, self.centre[at], False, None, since)
        for role in ("ministry_agency", "ministry_approver", "auditor", "administrator", "system"):
            who = person(role, None)
            mandate.add(who, role, None, None, None, True, self.agency, since)
        self.flush()

    # -- papers

    def papers(self) -> None:
        """Papers of every year; those that records need are drawn from them."""
        from khuyencong.documents.enums import PaperKind

        paper = self.writer(
            "documents.Paper",
            *(
                "kind",
                "number",
                "signed_on",
                "signer",
                "signer_title",
                "issuer_id",
                "abstract",
                "folded",
                "province_id",
            ),
            *("actor_id", "kept_at"),
        )
        kinds = [str(kind.value) for kind in PaperKind]
        signer = [
            f"{self.pick.choice(invented.FAMILY)} {self.pick.choice(invented.MIDDLE)} {self.pick.choice(invented.GIVEN)}"
            for _n in range(300)
        ]
        self.papers_of: dict[tuple[int, int], list[int]] = {}
        each = self.sizes.of("papers") // (len(self.provinces) * len(YEARS)) + 1
        for province in self.provinces:
            for year in YEARS:
                made = self.papers_of.setdefault((province.pk, year), [])
                for n in range(each):
                    number, who = f"{n + 1}/{year}/QĐ-SCT-{province.code}", self.pick.choice(signer)
                    abstract = f"Về việc {self.pick.choice(WORKS).split('|')[1].lower()}, {province.full_name}"
                    made.append(
                        paper.add(
                            *(self.pick.choice(kinds), number, day_of(self.pick, min(year, NOW), last=10), who),
                            *("Giám đốc Sở", self.department[province.pk], abstract),
                            *(
                                fold(f"{number} {abstract} {who}")[:900],
                                province.pk,
                                self.users[province.pk],
                                "Văn thư",
                            ),
                        )
                    )
        self.flush()

    def paper(self, province: int, year: int) -> int:
        return self.pick.choice(self.papers_of[province, min(max(year, YEARS[0]), YEARS[-1])])

    # -- establishments

    def establishments(self) -> None:
        from khuyencong.establishments.models import name_key

        pick = self.pick
        establishment = self.writer(
            "establishments.Establishment",
            *(
                "organisation_id",
                "name",
                "folded",
                "key",
                "sort_key",
                "legal_form",
                "tax_code",
                "province_id",
                "commune_id",
            ),
            *("representative", "phone", "sector", "main_product", "woman_owned", "minority_owned", "craft_village_id"),
            *("cluster_id", "place_text", "changed_at"),
        )
        facts = self.writer("establishments.YearlyFacts", "establishment_id", "year", "workers", "women", "revenue")
        product = self.writer("establishments.Product", "establishment_id", "name", "folded", "group")
        supported = self.writer(
            "establishments.SupportedItem",
            *("establishment_id", "item", "folded", "amount", "source", "on", "serial", "serial_key"),
        )
        village = self.writer("establishments.CraftVillage", "name", "folded", "craft", "province_id", "commune_id")
        cluster = self.writer("establishments.Cluster", "name", "folded", "province_id", "commune_id", "founded_on")
        recognised = self.writer("establishments.Recognition", "product_id", "level", "year", "decision")
        villages, clusters = {}, {}
        for commune in self.communes[::6]:
            name = f"Làng nghề {pick.choice(invented.TRADE)} {commune.name}"
            villages[commune.pk] = village.add(name, fold(name), "", commune.province_id, commune.pk)
            name = f"Cụm công nghiệp {commune.name}"
            clusters[commune.pk] = cluster.add(name, fold(name), commune.province_id, commune.pk, dt.date(2010, 5, 1))
        changed = dt.datetime(NOW - 1, 6, 1, 8, tzinfo=VIETNAM)
        self.establishments_of: dict[int, list[tuple[int, int, str, int]]] = {p.pk: [] for p in self.provinces}
        wanted = self.sizes.of("establishments")
        lines = invented.rows(wanted, [("", "", "")], seed=SEED)
        for n, row in enumerate(lines):
            if establishment_count(establishment) >= wanted:
                break
            name, commune = row[1], pick.choice(self.communes)
            folded, order, at = fold(name), sort_key(name)[:300], commune.province_id
            form = pick.choice(("household", "household", "enterprise", "cooperative"))
            tax_code = row[2] if n % 2 else ""
            body = self.writer("organisations.Organisation").add(name, folded, order, form, commune.pk, at, tax_code)
            one = establishment.add(
                *(body, name, folded, name_key(name), order, form, tax_code, at, commune.pk, row[7], row[8]),
                *(pick.choice("abcd"), row[9], pick.random() < 0.2, pick.random() < 0.1),
                *(villages.get(commune.pk) if pick.random() < 0.1 else None,),
                *(clusters.get(commune.pk) if pick.random() < 0.1 else None, f"{row[3]}, {commune.full_name}", changed),
            )
            workers = pick.randint(1, 90)
            facts.add(one, NOW - 1, workers, workers // 3, pick.randint(100, 90_000) * MILLION)
            if pick.random() < 0.2:
                made = product.add(one, row[9], fold(row[9]), pick.randint(1, 4))
                if pick.random() < 0.3:
                    recognised.add(made, "provincial", NOW - 4, "Quyết định số 1")
            if pick.random() < 0.15:
                item, serial = f"Máy {row[9].lower()}", f"SN{n:07d}"
                supported.add(one, item, fold(item), 200 * MILLION, "KCĐP", day_of(pick, NOW - 4), serial, serial)
            if len(self.establishments_of[at]) < 4_000:
                self.establishments_of[at].append((one, commune.pk, name, body))
        self.flush()
        self.owner()

    def owner(self) -> None:
        """One establishment of each province has a person who signs in for it."""
        user, mandate = self.writers["people.User"], self.writers["people.Mandate"]
        joined = dt.datetime(2015, 1, 1, 8, tzinfo=VIETNAM)
        for province in self.provinces:
            name = f"{province.code}.establishment.1"
            who = user.add(name, "!", "Chủ", "Cơ sở", fold(name), b"co so", province.pk, joined)
            body = self.establishments_of[province.pk][0][3]
            mandate.add(who, "establishment", None, None, body, False, None, dt.date(2015, 1, 1))
        self.flush()

    # -- needs

    def needs(self) -> None:
        pick = self.pick
        call = self.writer("needs.Call", "province_id", "year", "paper_id", "opens_on", "commune_deadline")
        need = self.writer(
            "needs.Need",
            *("call_id", "kind", "establishment_id", "name", "folded", "what", "about", "channel", "sent_on", "state"),
            *("province_id", "commune_id", "answer_id", "phone"),
        )
        step = self.writer("needs.NeedStep", "need_id", "name", "source", "target", "on", "who", "by_id")
        tour = self.writer("needs.SurveyPlan", "call_id", "name", "starts_on", "ends_on")
        visit = self.writer("needs.Visit", "plan_id", "need_id", "order", "planned_on", "surveyed_on")
        years = range(NOW - 4, NOW + 2)
        each = self.sizes.of("needs") // (len(self.provinces) * len(years)) + 1
        for province in self.provinces:
            at = province.pk
            for year in years:
                asked = call.add(at, year, self.paper(at, year), dt.date(year - 1, 6, 1), dt.date(year - 1, 7, 15))
                plan = tour.add(asked, f"Khảo sát đợt 1 năm {year}", dt.date(year - 1, 8, 1), dt.date(year - 1, 8, 20))
                for n in range(each):
                    one, commune, name, _body = pick.choice(self.establishments_of[at])
                    ended = ("planned", "planned", "refused", "next_year")
                    state = pick.choice(
                        ended if year <= NOW else ("sent", "confirmed", "surveyed", "proposed", "survey_planned")
                    )
                    answer = self.paper(at, year) if state in ended else None
                    kind = pick.choice(("support", "support", "training", "market", "consulting"))
                    sent = day_of(pick, year - 1, 6, 7)
                    row = need.add(
                        *(
                            asked,
                            kind,
                            one,
                            name,
                            fold(name)[:220],
                            f"Đầu tư máy {pick.choice(invented.TRADE).lower()}",
                        ),
                        *(pick.randint(50, 2_000) * MILLION, "link", sent, state, at, commune, answer, "0912345678"),
                    )
                    step.add(row, "send", "", "sent", sent, name[:200], None)
                    if state != "sent":
                        step.add(row, "confirm", "sent", "confirmed", sent, "Ủy ban nhân dân xã", self.users[at])
                    if n < 15:
                        visit.add(
                            plan, row, n, dt.date(year - 1, 8, 5), dt.date(year - 1, 8, 5) if year <= NOW else None
                        )
        self.flush()

    # -- projects and what hangs on them

    def projects(self) -> None:
        each = math.ceil(self.sizes.of("projects") / (len(self.provinces) * len(YEARS)))
        for province in self.provinces:
            for year in YEARS:
                self.year_of(province, year, each)

    def year_of(self, province: Any, year: int, number: int) -> None:
        """One province's year: envelopes, plans with their decisions, projects to their state of today."""
        at = province.pk
        envelope = self.writer("budgets.Envelope", "level", "year", "holder_id", "province_id", "name", "chapter")
        money = {
            level: envelope.add(
                level, year, self.department[at], at, f"Kinh phí {name} năm {year}, {province.name}", "416"
            )
            for level, name in (("national", "KCQG"), ("provincial", "KCĐP"))
        }
        entry = self.writer(
            "budgets.Entry", "envelope_id", "kind", "amount", "project_id", "on", "paper_id", "by_id", "at"
        )
        plan = self.writer("plans.Plan", "level", "year", "province_id")
        decision = self.writer(
            "plans.Decision", "plan_id", "ordinal", "kind", "tranche", "state", "paper_id", "on", "submitted_on"
        )
        taken = self.writer(
            "plans.StepTaken", "decision_id", "name", "source", "target", "on", "paper_id", "by_id", "at"
        )
        decisions: dict[str, list[int]] = {}
        for level, held in money.items():
            entry.add(*(held, "allocated", 60_000 * MILLION, None, dt.date(year - 1, 12, 20)), *self.recorded(at, year))
            chain = plan.add(level, year, at)
            ready = year <= NOW
            for ordinal, kind in enumerate(("approve", "approve", "adjust"), start=1):
                state, on = (
                    ("approved", dt.date(year - 1 if ordinal == 1 else year, 12 if ordinal == 1 else 3, 25))
                    if ready
                    else ("draft", None)
                )
                if not ready and ordinal > 1:
                    break
                paper = self.paper(at, year) if ready else None
                made = decision.add(
                    chain, ordinal, kind, min(ordinal, 2) if kind == "approve" else 1, state, paper, on, on
                )
                decisions.setdefault(level, []).append(made)
                if ready:
                    taken.add(made, "submit", "draft", "submitted", on, *self.recorded(at, year))
                    taken.add(made, "approve", "submitted", "approved", on, *self.recorded(at, year))
        for n in range(number):
            self.project(province, year, n + 1, money, decisions)

    def recorded(self, province: int, year: int) -> tuple[int, int, dt.datetime]:
        """Paper, who wrote it down, when."""
        moment = dt.datetime(min(year, NOW), self.pick.randint(1, 11), self.pick.randint(1, 20), 9, tzinfo=VIETNAM)
        return self.paper(province, year), self.users[province], moment

    def project(
        self, province: Any, year: int, number: int, money: dict[str, int], decisions: dict[str, list[int]]
    ) -> None:
        pick, at = self.pick, province.pk
        kind, what, activity = pick.choice(WORKS).split("|")
        level = "national" if pick.random() < 0.3 else "provincial"
        among = (
            LONG_AGO if year < NOW - 1 else LAST_YEAR if year == NOW - 1 else THIS_YEAR if year == NOW else NEXT_YEAR
        )
        state = pick.choice(among)
        if level != "national" and state in ("registered", "ministry_appraised"):
            state = "appraised"
        helped = [pick.choice(self.establishments_of[at]) for _n in range(pick.choice((1, 1, 1, 2, 3)))]
        helped = list({one[0]: one for one in helped}.values())
        trade = pick.choice(invented.TRADE).lower()
        code, title = f"{year % 100:02d}-{province.code}-{number:03d}", f"{what} {trade} tại {helped[0][2]}"
        asked = pick.randint(5, 60) * 5 * MILLION
        national, local = (asked, 0) if level == "national" else (0, asked)
        counterpart = asked * pick.randint(1, 4)
        granted = state in ("approved", "assigned", "running", "accepted", "settled", "liquidated", "stopped")
        project = self.writer(
            "projects.Project",
            *("code", "title", "words", "folded", "sort_key", "level", "form", "activity", "kind", "sector", "year"),
            *(
                "starts_on",
                "ends_on",
                "implementer_id",
                "province_id",
                "commune_id",
                "national",
                "local",
                "counterpart",
            ),
            *("granted_national", "granted_local", "granted_counterpart", "granted_other", "state", "dossier_id"),
            *("changed_at", "rules_on"),
        )
        centre = self.centre[at]
        names = " ".join(one[2] for one in helped)
        dossier = self.writer("documents.Dossier", "title").add(title[:300])
        paper, _by, moment = self.recorded(at, year)
        key = project.add(
            *(
                code,
                title,
                fold(f"{code} {title} {self.names[centre]} {names}"),
                fold(title)[:420],
                sort_key(title)[:1400],
            ),
            *(level, "single" if len(helped) == 1 else "group", int(activity), kind, pick.choice("abcd"), year),
            *(dt.date(year, 3, 1), dt.date(year, pick.randint(9, 12), 20), centre, at, helped[0][1], national, local),
            *(counterpart, *((national, local, counterpart, 0) if granted else (None,) * 4), state, dossier, moment),
            *(dt.date(year - 1, 9, 1) if granted else None,),
        )
        self.file_of(key, dossier, at, year, asked, national, local, counterpart)
        taking_part = self.helped(key, helped, national, local, counterpart, granted, year, paper)
        steps = self.steps(key, level, state, at, year)
        if granted:
            self.planned(key, at, year, number, level, money[level], decisions[level], (national, local, counterpart))
            self.contracted(key, at, year, level, money[level], asked, counterpart, steps, taking_part)

    def file_of(
        self, key: int, dossier: int, at: int, year: int, asked: int, national: int, local: int, counterpart: int
    ) -> None:
        """The eight parts, the estimate, the papers of the dossier."""
        part = self.writer("projects.Part", "project_id", "number", "text")
        for number in range(1, 9):
            part.add(key, number, "Nội dung của phần này theo Điều 5, do đơn vị thực hiện lập.")
        line = self.writer(
            "projects.CostLine", "project_id", "order", "content", "unit", "national", "local", "counterpart"
        )
        line.add(key, 1, "Mua máy, thiết bị", "bộ", national * 3 // 4, local * 3 // 4, counterpart)
        line.add(key, 2, "Chi phí quản lý, nghiệm thu", "lần", national - national * 3 // 4, local - local * 3 // 4, 0)
        item = self.writer("documents.DossierItem", "dossier_id", "paper_id", "at")
        for _n in range(2):
            item.add(dossier, self.paper(at, year), dt.datetime(year - 1, 8, 1, 9, tzinfo=VIETNAM))

    def helped(
        self, key: int, helped: list, national: int, local: int, counterpart: int, granted: bool, year: int, paper: int
    ) -> list[int]:
        beneficiary = self.writer(
            "projects.Beneficiary",
            *(
                "project_id",
                "establishment_id",
                "content",
                "total",
                "national",
                "local",
                "counterpart",
                "approved_on",
                "paper_id",
            ),
        )
        share = len(helped)
        return [
            beneficiary.add(
                *(key, one[0], "Hỗ trợ máy móc", (national + local + counterpart) // share, national // share),
                *(
                    local // share,
                    counterpart // share,
                    dt.date(year - 1, 12, 25) if granted else None,
                    paper if granted else None,
                ),
            )
            for one in helped
        ]

    def steps(self, key: int, level: str, state: str, at: int, year: int) -> dict[str, dt.date]:
        """The steps of its life up to its state, with their days."""
        taken = self.writer(
            "projects.StepTaken", "project_id", "name", "source", "target", "on", "paper_id", "by_id", "at"
        )
        done: dict[str, dt.date] = {}
        if state == "draft":
            return done
        until = {"failed": "submitted", "withdrawn": "submitted", "stopped": "running"}.get(state, state)
        before, on = "draft", dt.date(year - 1, 7, 20)
        for name, source, target in LIFE:
            if name in MINISTRY_ONLY and level != "national":
                continue
            taken.add(key, name, source or before, target, on, *self.recorded(at, year))
            done[name], before, on = on, target, on + dt.timedelta(days=50)
            if target == until:
                break
        if state in ("failed", "withdrawn", "stopped"):
            name = {"failed": "fail", "withdrawn": "withdraw", "stopped": "stop"}[state]
            taken.add(key, name, before, state, on, *self.recorded(at, year))
        return done

    def planned(
        self,
        key: int,
        at: int,
        year: int,
        number: int,
        level: str,
        envelope: int,
        decisions: list[int],
        sums: tuple[int, int, int],
    ) -> None:
        national, local, counterpart = sums
        item = self.writer(
            "plans.Item", "decision_id", "project_id", "order", "action", "national", "local", "counterpart"
        )
        share = self.writer("plans.Share", "item_id", "envelope_id", "source", "amount")
        made = item.add(
            decisions[number % 2 if len(decisions) > 1 else 0], key, number, "", national, local, counterpart
        )
        share.add(made, envelope, "national" if national else "local", national + local)
        if number % 20 == 0 and len(decisions) > 2:
            item.add(decisions[2], key, number, "time", national, local, counterpart)
        self.writers["budgets.Entry"].add(
            envelope, "committed", national + local, key, dt.date(year - 1, 12, 25), *self.recorded(at, year)
        )

    def contracted(
        self,
        key: int,
        at: int,
        year: int,
        level: str,
        envelope: int,
        asked: int,
        counterpart: int,
        steps: dict[str, dt.date],
        helped: list[int],
    ) -> None:
        """Contracts, reports, money paid, what was accepted, settled and ended: as far as the steps went."""
        entry, pick = self.writers["budgets.Entry"], self.pick
        national, local = (asked, 0) if level == "national" else (0, asked)

        def paper() -> int:
            return self.paper(at, year)

        if (on := steps.get("assign")) is None:
            return
        assignment = self.writer(
            "contracts.Assignment",
            *(
                "project_id",
                "form",
                "giver_id",
                "implementer_id",
                "paper_id",
                "signed_on",
                "national",
                "local",
                "ends_on",
            ),
        ).add(
            key, "decision", self.department[at], self.centre[at], paper(), on, national, local, dt.date(year, 12, 20)
        )
        if (on := steps.get("begin")) is None:
            return
        contract = self.writer(
            "contracts.SupportContract",
            *(
                "assignment_id",
                "beneficiary_id",
                "paper_id",
                "signed_on",
                "national",
                "local",
                "counterpart",
                "ends_on",
            ),
        )
        purchase = self.writer(
            "contracts.Purchase",
            *("support_contract_id", "item", "serial", "seller", "value", "signed_on", "delivered_on", "paper_id"),
        )
        for one in helped:
            signed = contract.add(
                assignment,
                one,
                paper(),
                on,
                national // len(helped),
                local // len(helped),
                counterpart,
                dt.date(year, 12, 20),
            )
            purchase.add(
                *(
                    signed,
                    "Máy chế biến",
                    f"SN{one:08d}",
                    "Công ty Máy",
                    500 * MILLION,
                    on,
                    on + dt.timedelta(days=30),
                    paper(),
                )
            )
        report = self.writer(
            "contracts.ProgressReport",
            *("project_id", "year", "month", "sent_on", "done", "state_spent", "note", "by_id", "at"),
        )
        moment = dt.datetime(min(year, NOW), 9, 20, 9, tzinfo=VIETNAM)
        for month in (8, 9):
            report.add(key, year, month, dt.date(year, month, 20), asked, asked // 2, "", self.users[at], moment)
        advance = self.writer(
            "contracts.Advance",
            *(
                "project_id",
                "number",
                "kind",
                "envelope_id",
                "amount",
                "state",
                "requested_on",
                "request_id",
                "paid_on",
            ),
            *("treasury_number", "payment_id"),
        )
        for number, kind, amount in ((1, "first", asked // 2), (2, "further", asked // 4)):
            paid = on + dt.timedelta(days=20 * number)
            state = "paid" if year < NOW or pick.random() < 0.7 else pick.choice(("requested", "confirmed"))
            day, treasury = (paid, f"UNC-{key}-{number}") if state == "paid" else (None, "")
            advance.add(
                key, number, kind, envelope, amount, state, on, paper(), day, treasury, paper() if day else None
            )
            if day:
                entry.add(envelope, "advanced", amount, key, day, *self.recorded(at, year))
        if (on := steps.get("accept")) is None:
            return
        self.writer(
            "contracts.Acceptance",
            *(
                "project_id",
                "form",
                "on",
                "place",
                "state_volume",
                "counterpart_volume",
                "verdict",
                "paper_id",
                "by_id",
                "at",
            ),
        ).add(key, "5a", on, "Tại cơ sở", asked, counterpart, "passed", paper(), self.users[at], moment)
        voucher = self.writer(
            "contracts.Voucher",
            *(
                "project_id",
                "kind",
                "source",
                "symbol",
                "number",
                "on",
                "seller",
                "content",
                "amount",
                "key",
                "by_id",
                "at",
            ),
        )
        for n in range(2):
            symbol, number = f"1C{year % 100}TAA", f"{key * 2 + n}"
            voucher.add(
                *(
                    key,
                    "invoice",
                    level if level == "national" else "local",
                    symbol,
                    number,
                    on,
                    "Công ty Máy",
                    "Máy chế biến",
                ),
                *(asked // 2, f"{symbol}{number}", self.users[at], moment),
            )
        if (on := steps.get("settle")) is None:
            return
        self.writer(
            "contracts.Settlement",
            *("project_id", "on", "due_on", "national", "local", "counterpart", "paper_id"),
        ).add(key, on, on, national, local, counterpart, paper())
        entry.add(envelope, "settled", asked, key, on, *self.recorded(at, year))
        if (on := steps.get("liquidate")) is not None:
            self.writer("contracts.Liquidation", "project_id", "on", "due_on", "paper_id").add(key, on, on, paper())

    # -- the journal

    def journal(self) -> None:
        """Lines of acts, sealed; the newest ones of the last days."""
        pick = self.pick
        event = self.writer(
            "audit.Event",
            *(
                "at",
                "actor_id",
                "actor",
                "action",
                "subject_type",
                "subject_id",
                "subject",
                "folded",
                "on",
                "province_id",
            ),
            *("data", "position", "previous", "digest"),
        )
        actions = (
            "project.submit",
            "project.appraise",
            "plan.approve",
            "need.register",
            "contract.assign",
            "establishment.change",
        )
        wanted, begin = self.sizes.of("journal"), dt.datetime(NOW - 6, 1, 1, 8, tzinfo=VIETNAM)
        pace = (dt.datetime(NOW, 1, 20, 8, tzinfo=VIETNAM) - begin) / wanted
        last = self.writers["projects.Project"].written or 1
        for n in range(wanted):
            province, moment = pick.choice(self.provinces), begin + pace * n
            actor, subject = f"Người dùng {province.name}", f"Đề án {n % last + 1}"
            event.add(
                *(
                    moment,
                    self.users[province.pk],
                    actor,
                    pick.choice(actions),
                    "projects.project",
                    n % last + 1,
                    subject,
                ),
                *(fold(f"{actor} {subject}"), moment.date(), province.pk, {}, n + 1, f"{n:064x}", f"{n + 1:064x}"),
            )
        message = self.writer(
            "notices.Message", "channel", "kind", "recipient_id", "subject", "body", "link", "at", "read_at"
        )
        for who in self.writers["people.User"].model.objects.values_list("pk", flat=True).iterator():
            for n in range(8):
                moment = dt.datetime(NOW - 1, 10, 1 + n, 8, tzinfo=VIETNAM)
                message.add("inbox", "info", who, f"Thông báo {n}", "", "", moment, moment if n < 5 else None)
        self.flush()


def establishment_count(writer: Writer) -> int:
    return writer.written + len(writer.rows)


def numbers() -> Iterator[tuple[str, int]]:
    """How large the data set is, for the heading of what is printed."""
    for label in (
        *("projects.Project", "projects.Beneficiary", "establishments.Establishment", "needs.Need", "documents.Paper"),
        *("budgets.Entry", "plans.Item", "audit.Event", "people.User"),
    ):
        model = model_of(label)
        yield str(model._meta.verbose_name), model._base_manager.count()
