"""Contracts, reports, money paid, what was accepted, settled and ended."""

import datetime as dt

from benchmarks.data.country import Country
from benchmarks.data.papers import paper_of, recorded
from benchmarks.data.rows import MILLION, NOW, VIETNAM


def write_contracts(
    country: Country,
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
    entry, pick = country.writers["budgets.Entry"], country.pick
    national, local = (asked, 0) if level == "national" else (0, asked)

    def paper() -> int:
        return paper_of(country, at, on)

    if (on := steps.get("assign")) is None:
        return
    assignment = country.writer(
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
        key, "decision", country.department[at], country.centre[at], paper(), on, national, local, dt.date(year, 12, 20)
    )
    if (on := steps.get("begin")) is None:
        return
    contract = country.writer(
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
    purchase = country.writer(
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
    report = country.writer(
        "contracts.ProgressReport",
        *("project_id", "year", "month", "sent_on", "done", "state_spent", "note", "by_id", "at"),
    )
    moment = dt.datetime(min(year, NOW), 9, 20, 9, tzinfo=VIETNAM)
    for month in (8, 9):
        report.add(key, year, month, dt.date(year, month, 20), asked, asked // 2, "", country.users[at], moment)
    advance = country.writer(
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
            "confirmed_on",
            "paid_on",
        ),
        *("treasury_number", "payment_id"),
    )
    for number, kind, amount in ((1, "first", asked // 2), (2, "further", asked // 4)):
        paid = on + dt.timedelta(days=20 * number)
        state = "paid" if year < NOW or pick.random() < 0.7 else pick.choice(("requested", "confirmed"))
        day, treasury = (paid, f"UNC-{key}-{number}") if state == "paid" else (None, "")
        known = None if state == "requested" else on
        order = paper() if day else None
        advance.add(key, number, kind, envelope, amount, state, on, paper(), known, day, treasury, order)
        if day:
            entry.add(envelope, "advanced", amount, key, day, *recorded(country, at, day))
    if (on := steps.get("accept")) is None:
        return
    country.writer(
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
    ).add(key, "5a", on, "Tại cơ sở", asked, counterpart, "passed", paper(), country.users[at], moment)
    voucher = country.writer(
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
            *(asked // 2, f"{symbol}{number}", country.users[at], moment),
        )
    if (on := steps.get("settle")) is None:
        return
    country.writer(
        "contracts.Settlement",
        *("project_id", "on", "due_on", "national", "local", "counterpart", "paper_id"),
    ).add(key, on, on, national, local, counterpart, paper())
    entry.add(envelope, "settled", asked, key, on, *recorded(country, at, on))
    if (on := steps.get("liquidate")) is not None:
        country.writer("contracts.Liquidation", "project_id", "on", "due_on", "paper_id").add(key, on, on, paper())
