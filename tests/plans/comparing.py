"""Demands on the lists of a tranche, as a person makes them; not saved yet."""

from khuyencong.plans.models import Term


def fund(project, reason="Nghị quyết của tỉnh"):
    return Term(kind="fund", project=project, reason=reason)


def refuse(project, reason="Chưa có mặt bằng"):
    return Term(kind="refuse", project=project, reason=reason)


def by_hand(project):
    return Term(kind="hand", project=project)


def ceiling(amount, **group):
    return Term(kind="ceiling", amount=amount, **(group or {"activity": 3}))


def floor(amount, **group):
    return Term(kind="floor", amount=amount, **group)
