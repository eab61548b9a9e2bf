import datetime as dt

import pytest

from khuyencong.base.errors import NotPossible
from khuyencong.needs import queries
from khuyencong.needs.models import Call, Need
from tests.factories.needs import CallFactory, LinkFactory, NeedFactory, NeedStepFactory, NoNeedFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory

VIETNAM = dt.timezone(dt.timedelta(hours=7))


def test_the_board_shows_the_silent_communes_first(call):
    silent, empty, asking = (
        CommuneFactory(province=call.province, name=name) for name in ("Cư Pui", "Ea Bar", "An Phú")
    )
    NoNeedFactory(call=call, commune=empty)
    NeedFactory(call=call, commune=asking, state="confirmed")
    NeedFactory(call=call, commune=asking)
    NeedFactory(call=call, commune=silent, state="withdrawn")

    board = queries.board(call)

    assert [row.commune for row in board.rows] == [silent, asking, empty]
    assert (board.answered, board.missing) == (2, 1)
    assert [(row.needs, row.confirmed, row.answered) for row in board.rows] == [
        (0, 0, False),
        (2, 1, True),
        (0, 0, True),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_the_board_asks_four_queries_whatever_the_communes(call, number, django_assert_num_queries):
    for _ in range(number):
        commune = CommuneFactory(province=call.province)
        NeedFactory(call=call, commune=commune)
        LinkFactory(call=call, commune=commune)

    with django_assert_num_queries(4):
        assert queries.board(call).answered == number


def test_a_need_is_told_in_one_row_of_words(call):
    need = NeedFactory(call=call, state="surveyed")
    for name, target in [("confirm", "confirmed"), ("survey", "surveyed")]:
        NeedStepFactory(need=need, name=name, target=target)

    row = queries.words(need)

    assert [(word.text, word.state) for word in row] == [
        ("đã gửi", "done"),
        ("xã đã xác nhận", "done"),
        ("đã khảo sát", "done"),
        ("kế hoạch", "now"),
        ("tiền", "ahead"),
    ]


def test_a_refused_need_ends_its_row_there(call):
    need = NeedFactory(call=call, state="proposed")
    Need.objects.filter(pk=need.pk).update(state="refused", answer=call.paper)
    need.refresh_from_db()
    NeedStepFactory(need=need, name="refuse", target="refused")

    assert queries.words(need)[-1].text == "không đưa vào kế hoạch"


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        (dt.datetime(2026, 11, 30, 23, 59, tzinfo=VIETNAM), True),
        (dt.datetime(2026, 12, 1, 0, 0, tzinfo=VIETNAM), False),
    ],
)
def test_a_link_opens_until_midnight(link, moment, open_):
    if open_:
        assert queries.link_by_code(link.code, moment=moment) == link
    else:
        with pytest.raises(NotPossible, match="hết hạn ngày 30/11/2026"):
            queries.link_by_code(link.code, moment=moment)


def test_an_unknown_code_says_what_to_do(db):
    with pytest.raises(NotPossible, match="xin Trung tâm gửi lại"):
        queries.link_by_code("khong-co")


def test_people_of_a_commune_see_their_own_needs(call, commune, collaborator):
    mine = NeedFactory(call=call, commune=commune)
    NeedFactory(call=call)
    NeedFactory()

    assert list(Need.objects.visible_to(collaborator)) == [mine]
    assert list(Call.objects.visible_to(collaborator)) == [call]


def test_somebody_without_a_mandate_sees_nothing(call):
    from tests.factories.people import UserFactory

    NeedFactory(call=call)

    assert not Need.objects.visible_to(UserFactory()).exists()
    assert not Call.objects.visible_to(UserFactory()).exists()


def test_an_auditor_of_the_country_sees_all(call):
    NeedFactory(call=call)
    CallFactory()

    auditor = person("auditor", place=None, whole_country=True)

    assert (Need.objects.visible_to(auditor).count(), Call.objects.visible_to(auditor).count()) == (1, 2)


def test_search_needs_no_accents(call, officer):
    found = NeedFactory(call=call, folded="co so ngoc tu may say")
    NeedFactory(call=call, folded="htx ea tul may rang")

    assert list(queries.search(officer, text="Ngọc sấy")) == [found]


def test_steps_of_others_are_shown_shut(call, officer, director):
    need = NeedFactory(call=call, state="proposed", proposal="plan")

    assert [(offer.step.name, offer.open) for offer in queries.steps_for(director, need)] == [
        ("return", True),
        ("plan", True),
    ]
    assert [offer.open for offer in queries.steps_for(officer, need)] == [False, False]
    assert "Lãnh đạo Sở Công Thương" in queries.steps_for(officer, need)[0].reason


def test_the_registry_is_offered_only_the_steps_that_a_signed_letter_takes(call, clerk):
    sent, proposed = NeedFactory(call=call), NeedFactory(call=call, state="proposed", proposal="plan")

    told = {need.state: [o.step.name for o in queries.steps_for(clerk, need) if o.open] for need in (sent, proposed)}

    assert told == {"sent": [], "proposed": ["plan"]}
