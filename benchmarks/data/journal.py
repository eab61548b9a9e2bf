"""The journal and the messages."""

import datetime as dt

from benchmarks.data.country import Country
from benchmarks.data.rows import NOW, VIETNAM
from khuyencong.base.text import fold


def write_journal(country: Country) -> None:
    """Lines of acts, sealed; the newest ones of the last days."""
    pick = country.pick
    event = country.writer(
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
    wanted, begin = country.sizes.of("journal"), dt.datetime(NOW - 6, 1, 1, 8, tzinfo=VIETNAM)
    pace = (dt.datetime(NOW, 1, 20, 8, tzinfo=VIETNAM) - begin) / wanted
    last = country.writers["projects.Project"].written or 1
    for n in range(wanted):
        province, moment = pick.choice(country.provinces), begin + pace * n
        actor, subject = f"Người dùng {province.name}", f"Đề án {n % last + 1}"
        event.add(
            *(
                moment,
                country.users[province.pk],
                actor,
                pick.choice(actions),
                "projects.project",
                n % last + 1,
                subject,
            ),
            *(fold(f"{actor} {subject}"), moment.date(), province.pk, {}, n + 1, f"{n:064x}", f"{n + 1:064x}"),
        )
    message = country.writer(
        "notices.Message", "channel", "kind", "recipient_id", "subject", "body", "link", "at", "read_at"
    )
    for who in country.writers["people.User"].model.objects.values_list("pk", flat=True).iterator():
        for n in range(8):
            moment = dt.datetime(NOW - 1, 10, 1 + n, 8, tzinfo=VIETNAM)
            message.add("inbox", "info", who, f"Thông báo {n}", "", "", moment, moment if n < 5 else None)
    country.flush()
