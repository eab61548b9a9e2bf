"""Calls, needs and surveys."""

import datetime as dt

from benchmarks import establishments as invented
from benchmarks.data.country import Country
from benchmarks.data.papers import paper_of
from benchmarks.data.rows import MILLION, NOW, day_of
from khuyencong.base.text import fold


def write_needs(country: Country) -> None:
    pick = country.pick
    call = country.writer("needs.Call", "province_id", "year", "paper_id", "opens_on", "commune_deadline")
    need = country.writer(
        "needs.Need",
        *("call_id", "kind", "establishment_id", "name", "folded", "what", "about", "channel", "sent_on", "state"),
        *("province_id", "commune_id", "answer_id", "phone"),
    )
    step = country.writer("needs.NeedStep", "need_id", "name", "source", "target", "on", "who", "by_id")
    tour = country.writer("needs.SurveyPlan", "call_id", "name", "starts_on", "ends_on")
    visit = country.writer("needs.Visit", "plan_id", "need_id", "order", "planned_on", "surveyed_on")
    years = range(NOW - 4, NOW + 2)
    each = country.sizes.of("needs") // (len(country.provinces) * len(years)) + 1
    for province in country.provinces:
        at = province.pk
        for year in years:
            opened = dt.date(year - 1, 6, 1)
            asked = call.add(at, year, paper_of(country, at, opened), opened, dt.date(year - 1, 7, 15))
            plan = tour.add(asked, f"Khảo sát đợt 1 năm {year}", dt.date(year - 1, 8, 1), dt.date(year - 1, 8, 20))
            for n in range(each):
                one, commune, name, _body = pick.choice(country.establishments_of[at])
                ended = ("planned", "planned", "refused", "next_year")
                state = pick.choice(
                    ended if year <= NOW else ("sent", "confirmed", "surveyed", "proposed", "survey_planned")
                )
                answer = paper_of(country, at, dt.date(year - 1, 10, 15)) if state in ended else None
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
                    step.add(row, "confirm", "sent", "confirmed", sent, "Ủy ban nhân dân xã", country.users[at])
                if n < 15:
                    visit.add(plan, row, n, dt.date(year - 1, 8, 5), dt.date(year - 1, 8, 5) if year <= NOW else None)
    country.flush()
