"""Django's command, with one folded first migration for each package (see `khuyencong.tools.folding`)."""

from django.core.management.commands import makemigrations

from khuyencong.tools.folding import fold


class Command(makemigrations.Command):
    def write_migration_files(self, changes, *args, **kwargs):
        first = {label: found[0].name for label, found in changes.items() if all(one.initial for one in found)}
        for label, found in changes.items():
            for migration in found:
                # What was to be the second first migration of another package is its first now.
                migration.dependencies = [_renamed(pair, first) for pair in migration.dependencies]
            if label in first:
                found[0].operations = fold([step for one in found for step in one.operations], label)
                needed = {pair for one in found for pair in one.dependencies if pair[0] != label}
                found[0].dependencies = sorted(needed, key=str)
                del found[1:]
        super().write_migration_files(changes, *args, **kwargs)


def _renamed(pair: tuple[str, str], first: dict[str, str]) -> tuple[str, str]:
    return (pair[0], first[pair[0]]) if pair[0] in first and pair[1] != "__first__" else pair
