"""The steps in which an empty database is filled."""

import random
from collections.abc import Callable, Iterator

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.data.bodies import write_bodies, write_people
from benchmarks.data.country import Country
from benchmarks.data.establishments import write_establishments
from benchmarks.data.journal import write_journal
from benchmarks.data.needs import write_needs
from benchmarks.data.papers import write_papers
from benchmarks.data.projects import write_projects
from benchmarks.data.rows import SEED, Sizes, model_of
from khuyencong.documents.operations import load_requirements


def make(sizes: Sizes, say: Callable[[str], None]) -> dict[str, int]:
    """Fill an empty, migrated database; returns how many rows of each model there are."""
    call_command("load_places", verbosity=0)
    call_command("load_norms", verbosity=0)
    load_requirements()
    with hurried(), transaction.atomic():
        country = Country(random.Random(SEED), sizes)
        for step in (
            write_bodies,
            write_people,
            write_papers,
            write_establishments,
            write_needs,
            write_projects,
            write_journal,
        ):
            step(country)
            say("  " + step.__name__.removeprefix("write_"))
        country.flush()
        country.reset_sequences()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return {writer.model._meta.label: writer.written for writer in country.writers.values()}


class hurried:  # noqa: N801 - read as a word
    """While the data set is written nothing waits for the disk, and no reference is looked up."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA foreign_keys=OFF")
                cursor.execute("PRAGMA synchronous=OFF")
                cursor.execute("PRAGMA cache_size=-400000")
                return
            cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
            if cursor.fetchone()[0]:
                cursor.execute("SET session_replication_role = replica")

    def __exit__(self, *_error: object) -> None:
        connection.close()  # the next one begins with its own settings


def numbers() -> Iterator[tuple[str, int]]:
    """How large the data set is, for the heading of what is printed."""
    for label in (
        *("projects.Project", "projects.Beneficiary", "establishments.Establishment", "needs.Need", "documents.Paper"),
        *("budgets.Entry", "plans.Item", "audit.Event", "people.User"),
    ):
        model = model_of(label)
        yield str(model._meta.verbose_name), model._base_manager.count()
