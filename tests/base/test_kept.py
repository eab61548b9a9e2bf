"""Answers kept while one page is shown."""

from khuyencong.base.kept import keeping, kept


def test_a_page_asks_once_and_the_next_page_anew():
    asked = []

    def ask(question):
        return kept(question, lambda: asked.append(question) or len(asked))

    with keeping():
        assert [ask("a"), ask("a"), ask("b"), ask("b")] == [1, 1, 2, 2]
    with keeping():
        assert ask("a") == 3


def test_who_may_write_asks_every_time():
    asked = []

    for _turn in range(3):
        kept("a", lambda: asked.append(1))

    assert len(asked) == 3
