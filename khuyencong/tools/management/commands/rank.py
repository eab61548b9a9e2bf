"""``manage.py rank FILE.json``: the best choice of requests under the money."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from khuyencong.base import choice
from khuyencong.base.errors import NotPossible
from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.command import WrongUse

MOST = 10**15  # đồng and points: beyond it the sums of a long list would not be exact


class Command(HouseCommand):
    help = "Danh sách đề nghị có tổng điểm cao nhất trong phạm vi kinh phí, kèm khoảng cách tới mức tối ưu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.json", help="nguồn, đề nghị, trần và sàn (đồng)")
        parser.add_argument("--seconds", type=float, default=30.0, metavar="N", help="thời gian tối đa, giây")
        parser.add_argument("--gap", type=float, default=1e-4, metavar="X", help="khoảng cách chấp nhận (0: tối ưu)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        path = options["file"]
        if not options["seconds"] >= 0 or not options["gap"] >= 0:
            raise WrongUse(_("--seconds và --gap là số không âm."))
        try:
            data = json.loads(path.read_text(encoding="utf-8-sig"))
            problem = read(data)
        except OSError as error:
            raise WrongUse(_("Không mở được tệp %(file)s: %(why)s.") % {"file": path, "why": error.strerror}) from None
        except RecursionError:
            raise NotPossible(_("Tệp %(file)s lồng quá nhiều lớp.") % {"file": path}) from None
        except UnicodeError:
            raise NotPossible(_("Tệp %(file)s không phải JSON: không phải văn bản UTF-8.") % {"file": path}) from None
        except json.JSONDecodeError as error:
            where = {"file": path, "line": error.lineno, "column": error.colno}
            raise NotPossible(_("Tệp %(file)s không phải JSON: sai ở dòng %(line)s, cột %(column)s.") % where) from None
        except ValueError as error:
            raise NotPossible(str(error)) from None
        found = choice.best(problem, seconds=max(options["seconds"], 0.1), gap=options["gap"])
        if options["json"]:
            self.tell(as_json(found, {str(row["id"]): row["id"] for row in data["requests"]}))
            return
        for sentence in found.infeasible:
            self.stdout.write(sentence)
        if not found.infeasible:
            self.stdout.write(", ".join(found.chosen))
            self.stdout.write(
                _("Chọn %(count)s đề nghị, tổng điểm %(score)g, khoảng cách tới tối ưu %(gap).2g, %(seconds).1f giây.")
                % {"count": len(found.chosen), "score": found.score, "gap": found.gap, "seconds": found.seconds}
            )


def as_json(found: choice.Choice, written: dict[str, str | int]) -> dict:
    """What the command prints: ids as ``written``, amounts in đồng by envelope; no list where a limit cannot be kept."""
    return {
        "chosen": [written[id] for id in found.chosen],
        "score": found.score,
        "amount_by_envelope": found.amount_by_envelope,
        "gap": found.gap,
        "seconds": round(found.seconds, 3),
        "infeasible": list(found.infeasible),
    }


def read(data: object) -> choice.Problem:
    """The problem of a file; raises ValueError with what is wrong and where."""
    if not isinstance(data, dict) or not {"envelopes", "requests"} <= data.keys():
        raise ValueError(_("Tệp phải là một đối tượng có “envelopes” và “requests”."))
    envelopes: dict[str, int] = {}
    for where, row in _rows(data, "envelopes"):
        name = _name(row, "id", where)
        if name in envelopes:
            raise ValueError(_("%(where)s: mã “%(id)s” đã có.") % {"where": where, "id": name})
        envelopes[name] = _amount(row, where)
    requests: dict[str, choice.Request] = {}
    for where, row in _rows(data, "requests"):
        request = _request(row, where)
        if request.id in requests:
            raise ValueError(_("%(where)s: mã “%(id)s” đã có.") % {"where": where, "id": request.id})
        if request.envelope not in envelopes:
            raise ValueError(_("%(where)s: không có nguồn “%(id)s”.") % {"where": where, "id": request.envelope})
        requests[request.id] = request
    return choice.Problem(
        envelopes,
        list(requests.values()),
        [_limit(row, where, ("activity", "place", "trade")) for where, row in _rows(data, "ceilings")],
        [_limit(row, where, ("place", "activity", "trade")) for where, row in _rows(data, "floors")],
    )


def _rows(data: dict, name: str) -> Iterator[tuple[str, dict]]:
    rows = data.get(name) or []
    if not isinstance(rows, list):
        raise ValueError(_("“%(name)s” phải là một danh sách.") % {"name": name})
    for number, row in enumerate(rows, start=1):
        where = f"{name}[{number}]"
        if not isinstance(row, dict):
            raise ValueError(_("%(where)s: phải là một đối tượng.") % {"where": where})
        yield where, row


def _name(row: dict, key: str, where: str) -> str:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or str(value) == "":
        raise ValueError(_("%(where)s: thiếu “%(key)s”.") % {"where": where, "key": key})
    if not str(value).isprintable():
        raise ValueError(_("%(where)s: “%(key)s” có ký tự không in được.") % {"where": where, "key": key})
    return str(value)


def _amount(row: dict, where: str) -> int:
    value = row.get("amount")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= MOST or value % 1:
        raise ValueError(
            _("%(where)s: “amount” phải là số đồng nguyên, không âm, không quá một triệu tỷ.") % {"where": where}
        )
    return int(value)


def _request(row: dict, where: str) -> choice.Request:
    score, must = row.get("score", 0), row.get("must") or ""
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not abs(score) <= MOST:
        raise ValueError(_("%(where)s: “score” phải là một số.") % {"where": where})
    if must not in ("", choice.FUND, choice.REFUSE):
        raise ValueError(_("%(where)s: “must” là “fund”, “refuse” hoặc null.") % {"where": where})
    groups = frozenset((key, str(row[key])) for key in ("activity", "place", "trade") if row.get(key) not in (None, ""))
    return choice.Request(
        _name(row, "id", where), _name(row, "envelope", where), _amount(row, where), score, groups, must
    )


def _limit(row: dict, where: str, keys: tuple[str, ...]) -> choice.Limit:
    named = [key for key in keys if row.get(key) not in (None, "")]
    if len(named) != 1:
        raise ValueError(_("%(where)s: ghi đúng một trong “activity”, “place”, “trade”.") % {"where": where})
    key = named[0]
    return choice.Limit((key, str(row[key])), _amount(row, where))
