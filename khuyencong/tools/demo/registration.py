"""The registration of needs for next year: a call in each province, and in Đắk Lắk needs in every state."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from khuyencong.audit.operations import record_many
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.files.models import StoredFile
from khuyencong.needs import operations as needs
from khuyencong.needs.enums import EntryChannel, NeedKind, Proposal
from khuyencong.needs.models import Call, Link, Need, NoNeed
from khuyencong.needs.operations import Bearer
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.places.queries import communes_of
from khuyencong.tools.demo import names, people
from khuyencong.tools.demo.desk import Desk
from khuyencong.tools.demo.moments import Moments
from khuyencong.tools.demo.scans import picture, scan
from khuyencong.tools.demo.stage import Place

MILLION = 1_000_000
OPENED, LETTER, DEADLINE = 40, 44, 8  # days before and after today


class Registration(Desk):
    def __init__(self, place: Place, *, rng: Random, **facts) -> None:
        super().__init__(place, **facts)
        self.rng, self.is_home = rng, self.province.code == "66"
        self.officers: dict[int, User] = {}

    def open(self) -> Call:
        staff = self.place.staff
        year = self.today.year + 1
        letter = self.paper(
            PaperKind.CALL_LETTER,
            self.ago(LETTER),
            by=staff.clerk,
            issuer=self.place.body(BodyKind.DEPARTMENT),
            abstract=f"Hướng dẫn đăng ký nhu cầu khuyến công năm {year}",
        )
        if self.is_home:
            self.letter_text(letter)
        self.call = needs.open_call(
            province=self.province,
            year=year,
            opens_on=self.ago(OPENED),
            paper=letter,
            by=staff.department,
            invented=True,
            commune_deadline=self.today + timedelta(days=DEADLINE),
            dossier_deadline=self.today + timedelta(days=DEADLINE + 30),
            note="Xã, phường không có nhu cầu cũng trả lời.",
        )
        return self.call

    def letter_text(self, letter: Paper) -> None:
        scan(
            letter,
            body=str(letter.issuer),
            over=str(self.place.body(BodyKind.PROVINCE_COMMITTEE)),
            by=self.place.staff.clerk,
            text=[
                "Kính gửi Ủy ban nhân dân các xã, phường: đề nghị rà soát, đăng ký nhu cầu khuyến công của cơ sở trên địa bàn.",
                "Xã, phường không có nhu cầu cũng trả lời để Sở tổng hợp.",
            ],
        )

    def silence(self, communes: list[Unit], *, days: int) -> None:
        """“Không có nhu cầu” from several communes."""
        on = self.on(self.ago(days), later=0)
        rows = NoNeed.objects.bulk_create(
            NoNeed(
                call=self.call,
                commune=unit,
                channel=EntryChannel.ZALO,
                answered_on=on,
                answered_by="Công chức phụ trách kinh tế",
            )
            for unit in communes
        )
        record_many(rows, action="need.none", by=self.place.staff.officer, on=on)

    # ---- Đắk Lắk: one commune a state ----

    def officer(self, commune: Unit) -> User:
        """The invented civil servant of a commune, who cannot sign in."""
        if commune.pk not in self.officers:
            committee = self.place.bodies.of(BodyKind.COMMUNE_COMMITTEE, commune)
            self.officers[commune.pk] = people.commune_officer(
                commune, committee=committee, since=self.ago(400), rng=self.rng
            )
        return self.officers[commune.pk]

    def ask(
        self,
        commune: Unit,
        *,
        days: int,
        by: User | Bearer,
        channel: str,
        kind: str = NeedKind.SUPPORT,
        photos: Sequence[StoredFile] = (),
    ) -> Need:
        here = [row for row in self.place.register.establishments if row.commune_id == commune.pk]
        one = self.rng.choice(here)
        trade = self.place.register.trade(one)
        what = {
            NeedKind.SUPPORT: trade.machine,
            NeedKind.CONSULTING: f"Tư vấn bao bì, nhãn mác cho {trade.product.lower()}",
            NeedKind.TRAINING: f"Lớp nghề {trade.name} cho 30 lao động",
            NeedKind.MARKET: "Gian hàng tại hội chợ triển lãm vùng",
            NeedKind.AWARD: f"Đăng ký bình chọn sản phẩm {trade.product.lower()}",
        }[NeedKind(kind)]
        on = self.on(self.ago(days), later=0)
        return needs.register(
            self.call,
            commune=commune,
            name=one.name,
            what=what,
            channel=channel,
            by=by,
            on=on,
            phone=one.phone,
            hamlet=self.rng.choice(names.HAMLETS),
            about=trade.price * MILLION if kind == NeedKind.SUPPORT else None,
            kind=kind,
            establishment=None if channel == EntryChannel.LINK else one,
            photos=photos,
            invented=True,
        )

    def link(self, commune: Unit) -> Bearer:
        self.on(self.ago(OPENED - 2), later=0)
        holder = names.full(names.person(self.rng, province=self.province.code))
        made: Link = needs.make_link(
            self.call, commune=commune, holder=holder, holder_title="Công chức kinh tế", by=self.cast["centre_officer"]
        )
        return Bearer(made)

    def confirm(self, rows: list[Need], *, days: int) -> list[Need]:
        commune = rows[0].commune
        assert commune is not None
        by = self.officer(commune)
        letter = self.paper(
            PaperKind.NEED_LETTER,
            self.ago(days),
            by=by,
            issuer=self.place.bodies.of(BodyKind.COMMUNE_COMMITTEE, commune),
            abstract=f"Xác nhận nhu cầu khuyến công của {commune.full_name}",
            commune=commune,
        )
        return needs.confirm(rows, by=by, on=letter.signed_on, paper=letter)

    def tour(self, rows: list[Need], *, name: str, start: int, end: int, planned: int) -> list:
        self.on(self.ago(planned), later=0)
        plan = needs.plan_survey(
            self.call,
            name=name,
            starts_on=self.ago(start),
            ends_on=self.ago(end),
            needs=rows,
            by=self.cast["centre_officer"],
            on=self.ago(planned),
            team=[self.cast["centre_officer"]],
            route=" → ".join(row.commune.name for row in rows if row.commune),
            partners="Công chức kinh tế các xã",
            invented=True,
        )
        return list(plan.visits.select_related("need__commune").order_by("order"))

    def visit(self, visits: list, *, days: int) -> list[Need]:
        seen = []
        for visit in visits:
            record = self.paper(
                PaperKind.SURVEY_RECORD,
                self.ago(days),
                by=self.cast["centre_officer"],
                abstract=f"Biên bản khảo sát {visit.need.name}",
                issuer=self.place.body(BodyKind.CENTRE),
                commune=visit.need.commune,
            )
            needs.survey(
                visit,
                by=self.cast["centre_officer"],
                on=record.signed_on,
                paper=record,
                investment=640 * MILLION,
                findings="Nhà xưởng sẵn có, vốn đối ứng bảo đảm; máy cũ, năng suất thấp.",
            )
            seen.append(visit.need)
        return seen

    def propose(self, need: Need, proposal: str, *, days: int) -> Need:
        reason = {
            Proposal.PLAN: "",
            Proposal.REFUSE: "Cùng nội dung đã được ngân sách hỗ trợ (Thông tư 28/2018/TT-BTC)",
            Proposal.NEXT_YEAR: "Chưa bố trí được vốn đối ứng trong năm tới",
        }[Proposal(proposal)]
        on = self.on(self.ago(days), later=0)
        return needs.propose(need, proposal=proposal, by=self.cast["centre_officer"], on=on, reason=reason)

    def live(self) -> None:
        """Needs of all kinds in every state; who waits for what is asked from them."""
        communes, officer = self.place.communes, self.cast["centre_officer"]
        self.officers[communes[0].pk] = self.cast["commune_officer"]
        by_link, on_behalf = EntryChannel.LINK, EntryChannel.TELEPHONE
        # sent: the commune of the demo officer has to confirm; its collaborator has another commune that is silent
        collaborator = self.cast["collaborator"]
        photo = picture(by=collaborator, shade=12, name="xuong-san-xuat.jpg")
        self.ask(communes[0], days=6, by=collaborator, channel=EntryChannel.ACCOUNT, photos=[photo])
        self.ask(communes[0], days=3, by=self.link(communes[0]), channel=by_link, kind=NeedKind.AWARD)
        self.ask(communes[14], days=2, by=officer, channel=on_behalf, kind=NeedKind.TRAINING)
        self.ask(communes[15], days=1, by=officer, channel=EntryChannel.ZALO, kind=NeedKind.MARKET)
        self.link(communes[1])
        self.link(communes[18])
        groups: dict[str, list[Need]] = {}
        for state, places, kind in (
            ("confirmed", (2, 3), NeedKind.SUPPORT),
            ("ahead", (4, 5, 6), NeedKind.SUPPORT),
            ("surveyed", (7, 8), NeedKind.CONSULTING),
            ("proposed", (9, 10), NeedKind.SUPPORT),
            ("decided", (11, 12, 13), NeedKind.SUPPORT),
        ):
            for place in places:
                commune = communes[place]
                by, channel = (
                    (self.link(commune), by_link) if place % 2 else (self.officer(commune), EntryChannel.ACCOUNT)
                )
                need = self.ask(commune, days=36 - place, by=by, channel=channel, kind=kind)
                groups.setdefault(state, []).extend(self.confirm([need], days=22))
        gone = self.ask(communes[16], days=30, by=officer, channel=EntryChannel.PAPER)
        needs.withdraw(gone, by=officer, on=self.on(self.ago(20), later=0), reason="Cơ sở đã tự đầu tư")
        self.tour(groups["ahead"], name="Khảo sát đợt 2", start=-3, end=-5, planned=2)
        visits = self.tour(
            groups["surveyed"] + groups["proposed"] + groups["decided"],
            name="Khảo sát đợt 1",
            start=15,
            end=13,
            planned=18,
        )
        self.visit(visits, days=13)
        for need in groups["proposed"]:
            self.propose(need, Proposal.PLAN, days=7)
        ready = [
            self.propose(need, proposal, days=9)
            for need, proposal in zip(
                groups["decided"], (Proposal.PLAN, Proposal.NEXT_YEAR, Proposal.REFUSE), strict=True
            )
        ]
        answer = self.paper(
            PaperKind.ANSWER_LETTER,
            self.ago(5),
            by=self.place.staff.clerk,
            issuer=self.place.body(BodyKind.DEPARTMENT),
            abstract="Trả lời nhu cầu khuyến công của các xã",
        )
        needs.decide(ready, by=self.cast["department_director"], on=answer.signed_on, paper=answer)
        self.planned = groups["decided"][0]


def register_needs(settled: list[Place], *, cast: people.People, today, rng: Random, moments: Moments) -> None:
    """A call for next year in each province; the life of needs in the first one."""
    for place in settled:
        one = Registration(place, rng=rng, cast=cast, today=today, moments=moments, first=5_000)
        one.open()
        others = [unit for unit in communes_of(place.province) if unit not in place.communes]
        one.silence(others[: len(others) // 2], days=9)
        if place is settled[0]:
            one.live()
        one.tell_papers()
