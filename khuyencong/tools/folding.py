"""Makes a first migration as short as the models it creates.

Django writes foreign keys, indexes and constraints of new models as steps of their own, and pays for each by building
all related models anew: with a hundred models that is ten seconds, on every fresh database and every test run.  Here they
go back into the step that creates their model, in an order in which each model finds the ones it points to.
"""

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.models import Field


def fold(operations: list[Operation], app_label: str) -> list[Operation]:
    """The same tables in fewer steps.  What cannot be folded (a circle, a model created elsewhere) stays, at the end."""
    created = {op.name_lower: _copy(op) for op in operations if isinstance(op, migrations.CreateModel)}
    fields: list[migrations.AddField] = []
    rest: list[Operation] = []
    for op in operations:
        if isinstance(op, migrations.CreateModel):
            continue
        model = created.get(getattr(op, "model_name_lower", ""))
        if model is None:
            rest.append(op)
        elif isinstance(op, migrations.AddField):
            fields.append(op)
        elif isinstance(op, migrations.AddIndex):
            model.options.setdefault("indexes", []).append(op.index)
        elif isinstance(op, migrations.AddConstraint):
            model.options.setdefault("constraints", []).append(op.constraint)
        else:
            rest.append(op)
    needs = {
        name: _targets(model.bases, [field for _, field in model.fields], app_label) for name, model in created.items()
    }
    late = []
    for op in fields:
        targets = _targets((), [op.field], app_label) & created.keys()
        if any(_reaches(target, op.model_name_lower, needs) for target in targets - {op.model_name_lower}):
            late.append(op)
        else:
            created[op.model_name_lower].fields.append((op.name, op.field))
            needs[op.model_name_lower] |= targets
    return [*_in_order(created, needs), *late, *rest] if not _named_late(created, late) else operations


def _copy(op: migrations.CreateModel) -> migrations.CreateModel:
    options = {key: list(value) if isinstance(value, list) else value for key, value in op.options.items()}
    return migrations.CreateModel(op.name, list(op.fields), options, op.bases, list(op.managers))


def _targets(bases: tuple, fields: list[Field], app_label: str) -> set[str]:
    """The models of this application that must stand before, by their names in small letters."""
    named = [base for base in bases if isinstance(base, str)]
    for field in fields:
        if remote := field.remote_field:
            named += [model for model in (remote.model, getattr(remote, "through", None)) if isinstance(model, str)]
    pairs = (name.lower().rpartition(".") for name in named)
    return {model for label, _, model in pairs if label in ("", app_label) and model != "self"}


def _reaches(start: str, goal: str, needs: dict[str, set[str]]) -> bool:
    """Whether `start` already needs `goal`, directly or through others."""
    seen, todo = set(), [start]
    while todo:
        name = todo.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            todo += needs.get(name, ())
    return False


def _in_order(created: dict[str, migrations.CreateModel], needs: dict[str, set[str]]) -> list[migrations.CreateModel]:
    placed: dict[str, migrations.CreateModel] = {}

    def place(name: str) -> None:
        if name in placed or name not in created:
            return
        for needed in sorted(needs[name] - {name}):
            place(needed)
        placed[name] = created[name]

    for name in created:
        place(name)
    return list(placed.values())


def _named_late(created: dict[str, migrations.CreateModel], late: list[migrations.AddField]) -> bool:
    """Whether an index or constraint names a column that comes only later: then nothing is folded."""
    for op in late:
        options = created[op.model_name_lower].options
        if any(
            op.name in repr(item.deconstruct()) for key in ("indexes", "constraints") for item in options.get(key, [])
        ):
            return True
    return False
