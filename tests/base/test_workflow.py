import pytest

from khuyencong.base.errors import NotPossible
from khuyencong.base.workflow import Step, Workflow

LIFE = Workflow(Step("send", "Gửi", ("draft",), "sent", "p"), Step("return", "Trả lại", ("sent",), "draft", "p"))


def test_a_step_is_open_in_its_sources_only():
    assert [step.name for step in LIFE.open_to("draft")] == ["send"]
    assert LIFE.check("return", "sent").target == "draft"
    with pytest.raises(NotPossible, match="Trả lại"):
        LIFE.check("return", "draft")


def test_an_unknown_step_is_refused_by_name():
    with pytest.raises(NotPossible, match="“sell”"):
        LIFE.check("sell", "draft")
