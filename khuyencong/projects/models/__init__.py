"""Đề án khuyến công: who, where, what, with which money, and the steps of its life."""

from khuyencong.projects.models.projects import PROMISED, SOURCES, Beneficiary, CostLine, OtherSource, Part, Project
from khuyencong.projects.models.steps import Clearance, CodeCounter, OpinionRequest, StepTaken

__all__ = [
    "PROMISED",
    "SOURCES",
    "Beneficiary",
    "Clearance",
    "CodeCounter",
    "CostLine",
    "OpinionRequest",
    "OtherSource",
    "Part",
    "Project",
    "StepTaken",
]
