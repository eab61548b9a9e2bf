"""The house keeps its floors.  Each rule is asked of every package that is there."""

import ast
import importlib
import inspect
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import ROLES
from khuyencong.base.models import AppendOnly
from khuyencong.base.workflow import Workflow

HOUSE = Path(settings.BASE_DIR) / "khuyencong"
# The packages that know neither HTTP nor the clock: all but the two top storeys.
PACKAGES = sorted(
    path.name for path in HOUSE.iterdir() if (path / "__init__.py").exists() and path.name not in ("web", "tools")
)
APPS = [apps.get_app_config(name) for name in settings.DOMAIN]
MODELS = [model for app in APPS for model in app.get_models(include_auto_created=False)]


def _trees(*names, saying):
    """The files of these packages that say one of the words; to parse the others would find nothing, slowly."""
    for name in names:
        for path in sorted((HOUSE / name).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text()
                if any(word in text for word in saying):
                    yield path, ast.parse(text)


def _module(package, room):
    name = f"khuyencong.{package}.{room}"
    return importlib.import_module(name) if find_spec(name) else None


def _public(module):
    for name, function in inspect.getmembers(module, inspect.isfunction):
        own = function.__module__ == module.__name__ or function.__module__.startswith(f"{module.__name__}.")
        if own and not name.startswith("_"):
            yield name, function


WITH_OPERATIONS = [name for name in PACKAGES if find_spec(f"khuyencong.{name}.operations")]
WORKFLOWS = [
    pytest.param(workflow, id=f"{package}.{name}")
    for package in PACKAGES
    if (module := _module(package, "lifecycle"))
    for name, workflow in vars(module).items()
    if isinstance(workflow, Workflow)
]
APPEND_ONLY = [model for model in MODELS if issubclass(model, AppendOnly)]


# --- acts ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", WITH_OPERATIONS)
def test_an_act_takes_one_subject_and_named_facts(package):
    wrong = []
    for name, function in _public(_module(package, "operations")):
        positional = [
            p
            for p in inspect.signature(function).parameters.values()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.VAR_POSITIONAL)
        ]
        # the journal names the act before its subject: record("project.approve", project, by=…)
        if len(positional) > (2 if (package, name) == ("audit", "record") else 1):
            wrong.append(name)

    assert wrong == []


@pytest.mark.parametrize("package", WITH_OPERATIONS)
def test_an_act_says_what_it_promises(package):
    assert [name for name, act in _public(_module(package, "operations")) if not inspect.getdoc(act)] == []


@pytest.mark.parametrize("package", [p for p in PACKAGES if (HOUSE / p).is_dir()])
def test_state_is_written_by_the_acts_of_its_own_package(package):
    writers = {
        path.relative_to(HOUSE).as_posix()
        for path, tree in _trees(package, saying=["state"])
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "state"
        and isinstance(node.ctx, ast.Store)
        # what is no record may have a state of its own: a small value
        and not (isinstance(node.value, ast.Name) and node.value.id == "self")
    }

    # past 500 lines the room becomes a folder of the same name
    assert {w for w in writers if not w.startswith((f"{package}/operations.py", f"{package}/operations/"))} == set()


def test_no_page_and_no_command_writes_a_state_past_the_acts():
    wrong = []
    for path, tree in _trees("web", "tools", saying=["state"]):
        if "demo" in path.parts:
            continue  # its past years are rows as the acts would have left them; check_data is asked of them in its test
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store):
                wrong.append(f"{path.name}: .state =")
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("update", "create", "bulk_create")
                and any(keyword.arg == "state" for keyword in node.keywords)
            ):
                wrong.append(f"{path.name}: {node.func.attr}(state=…)")

    assert wrong == []


# --- floors -------------------------------------------------------------------------------------------------------------

CLOCK = re.compile(r"timezone\.(now|localdate)\(|datetime\.(now|utcnow)\(|date\.today\(|time\.time\(")


@pytest.mark.parametrize("package", PACKAGES)
def test_the_domain_does_not_read_the_clock_or_know_the_web(package):
    wrong = []
    for path in sorted((HOUSE / package).rglob("*.py")):
        if "migrations" in path.parts or path == HOUSE / "base/clock.py":
            continue
        text = path.read_text()
        if "django.http" in text or "django.shortcuts" in text or "django.views" in text:
            wrong.append(f"{path.name}: HTTP")
        if CLOCK.search(text):
            wrong.append(f"{path.name}: clock")

    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_there_are_no_rooms_but_those_of_the_house(package):
    forbidden = {"utils", "helpers", "common", "services", "managers", "signals", "constants", "views", "urls", "forms"}

    assert {path.stem for path in (HOUSE / package).rglob("*.py")} & forbidden == set()


def test_no_relation_leads_back_into_a_package_above():
    wrong = []
    for model in MODELS:
        own = [*model._meta.local_fields, *model._meta.local_many_to_many]
        for field in own:
            target = field.related_model
            if target is None or target._meta.app_label == model._meta.app_label:
                continue
            inherited = model._meta.label == "people.User" and field.name in ("groups", "user_permissions")
            if not (field.remote_field.hidden or inherited):
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")

    assert wrong == []


def test_the_domain_has_no_generic_relations_and_no_signals():
    for path, tree in _trees(*PACKAGES, saying=["contenttypes", "dispatch", "signals"]):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert "contenttypes" not in (node.module or ""), path
                assert node.module != "django.dispatch", path
                assert node.module != "django.db.models.signals", path


# --- what must never be rewritten ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda m: m._meta.label)
def test_append_only_rows_refuse_update_and_delete(model):
    row = model(pk=1)
    row._state.adding = False

    for way in (
        row.save,
        row.delete,
        lambda: model.objects.update(pk=1),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_update([row], ["pk"]),
        lambda: model.objects.bulk_create([row], update_conflicts=True),
    ):
        with pytest.raises(TypeError):
            way()


@pytest.mark.django_db
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda m: m._meta.label)
def test_append_only_tables_have_their_triggers(model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        triggers = {name for (name,) in cursor.fetchall()}

    assert {f"{table}_no_update", f"{table}_no_delete"} <= triggers


def test_journal_and_ledger_are_append_only():
    labels = {model._meta.label for model in APPEND_ONLY}

    assert "audit.Event" in labels
    if apps.get_app_config("budgets").models:
        assert {label for label in labels if label.startswith("budgets.")} != set()


# --- authority ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_step_of_a_workflow_belongs_to_somebody(workflow):
    for step in workflow:
        assert step.permission in list(Permission), step.name
        assert [name for name, role in ROLES.items() if step.permission in role.permissions] != [], step.name


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_state_of_a_workflow_is_reached_and_every_step_has_a_label(workflow):
    targets = {step.target for step in workflow}
    sources = {state for step in workflow for state in step.sources}

    # one state, the first, is where a record begins
    assert len(sources - targets) <= 1
    assert [step.name for step in workflow if not str(step.label)] == []


# --- models -------------------------------------------------------------------------------------------------------------

FACTORY_FILES = sorted((Path(settings.BASE_DIR) / "tests/factories").glob("[a-z]*.py"))


def _with_factories():
    found = set()
    for path in FACTORY_FILES:
        module = importlib.import_module(f"tests.factories.{path.stem}")
        for value in vars(module).values():
            model = getattr(getattr(value, "_meta", None), "model", None)
            if isinstance(model, type) and issubclass(model, models.Model) and not value._meta.abstract:
                found.add(model)
    return found


@pytest.mark.parametrize("package", settings.DOMAIN)
def test_every_model_has_a_factory(package):
    made = _with_factories()
    own = [model for model in apps.get_app_config(package).get_models() if not model._meta.auto_created]

    assert [model.__name__ for model in own if model not in made] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_a_moment_of_an_act_names_its_actor(model):
    """``at`` is when we wrote it down: beside it stands who did.  Derived moments (read, sent, seen) belong to the row's owner."""
    names = {field.name for field in model._meta.local_fields}
    derived = {
        "read_at",
        "sent_at",
        "failed_at",
        "next_try_at",
        "last_seen_at",
        "expires_at",
        "computed_at",
        "used_at",
        "changed_at",
    }
    # ``channel``: what came by a link, a letter or the telephone says how it came
    actors = {"actor_id", "actor", "by", "user", "channel"}
    missing = [
        name
        for name in names
        if (name == "at" or name.endswith("_at"))
        and isinstance(model._meta.get_field(name), models.DateTimeField)
        and name not in derived
        and not (names & actors or f"{name[:-3]}_by" in names)
    ]

    if model._meta.label == "audit.Seal":  # the worker seals; there is nobody
        missing.remove("at")
    assert missing == []


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_days_and_moments_are_named_for_what_they_are(model):
    for field in model._meta.local_fields:
        if field.name in ("last_login", "date_joined"):  # Django's own
            continue
        if isinstance(field, models.DateTimeField):
            assert field.name == "at" or field.name.endswith("_at"), field.name
        elif isinstance(field, models.DateField):
            ending = field.name.endswith(("_on", "_from", "_to", "_until", "_deadline"))
            assert field.name in ("on", "day", "until", "deadline") or ending, field.name


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_money_is_whole(model):
    assert [f.name for f in model._meta.local_fields if isinstance(f, models.FloatField) and "amount" in f.name] == []


def test_there_is_one_first_migration_an_app_and_one_last():
    loader = MigrationLoader(None)
    for app in APPS:
        leaves = loader.graph.leaf_nodes(app.label)
        if app.models:
            assert len(leaves) == 1, app.label
            initial = [name for label, name in loader.disk_migrations if label == app.label and name.startswith("0001")]
            assert initial == ["0001_initial"], app.label
