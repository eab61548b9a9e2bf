"""One project in bulk: it walks its life day by day and stops where today stops it."""

from khuyencong.tools.demo.lives.changes import lower, stop
from khuyencong.tools.demo.lives.life import PARTS, Life
from khuyencong.tools.demo.lives.walk import live

__all__ = ["PARTS", "Life", "live", "lower", "stop"]
