"""What the page of a contract says of the papers that a step still lacks."""

import pytest

from tests.contracts.conftest import MILLION, Case, alone, beginning, case, day, here, land, law, people  # noqa: F401
from tests.factories.documents import RequirementFactory
from tests.web.desk.given_contracts import text_of, url

pytestmark = pytest.mark.django_db


def test_lacking_papers_are_named_with_their_article_and_the_analogy_is_told_once_beside_them(client, case, law):  # noqa: F811
    c = case()
    c.accept(c.running())
    for code, title in (("summary", "Báo cáo tổng hợp"), ("volume", "Báo cáo khối lượng")):
        RequirementFactory(stage="remainder", level="national", title=title, code=code, article="Điều 14")
    client.force_login(c.people.accountant)

    page = text_of(client.get(url("page", c.project)))

    assert "Còn thiếu 2 giấy tờ: Báo cáo tổng hợp (Điều 14); Báo cáo khối lượng (Điều 14)." in page
    assert "danh mục của kinh phí quốc gia được áp dụng tương tự" in page
