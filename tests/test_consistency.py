"""What is said once is said everywhere: labels, templates, migrations, doors."""

import ast
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template import engines
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.functional import Promise

from khuyencong.audit.enums import ACTIONS

HOUSE = Path(settings.BASE_DIR) / "khuyencong"
TEMPLATES = HOUSE / "web/templates"
MODELS = [model for name in settings.DOMAIN for model in apps.get_app_config(name).get_models()]
VIETNAMESE = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)

# Open without signing in, each for a reason of its own.
OPEN = (
    "tai-khoan/",  # signing in
    "p/",  # a personal link sent to a commune
    "cong-khai/",  # open pages
    "ngon-ngu/",  # the language of the sign-in page
    "giao-dien/",  # light or dark
)


# --- labels -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_models_and_fields_have_names_for_people(model):
    if model._meta.auto_created:
        return
    inherited = {"id", "password", "last_login", "is_superuser", "username", "first_name", "last_name", "email"}
    inherited |= {"is_staff", "is_active", "date_joined", "groups", "user_permissions"}

    assert isinstance(model._meta.verbose_name, Promise), model._meta.label
    wrong = [
        field.name
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if field.name not in inherited
        and not field.name.endswith("_ptr")
        and not isinstance(field.verbose_name, Promise)
    ]
    assert wrong == []


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_constraints_speak_to_people(model):
    wrong = [
        constraint.name
        for constraint in model._meta.constraints
        if not isinstance(constraint.violation_error_message, Promise)
    ]

    assert wrong == []


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_choices_have_labels_that_can_be_translated(model):
    for field in model._meta.local_fields:
        for value, label in field.flatchoices:
            assert str(label), f"{field.name}: {value}"


def test_every_act_of_the_journal_has_a_name_for_people():
    unnamed = set()
    calling = (text for path in HOUSE.rglob("*.py") if "record(" in (text := path.read_text()))
    for text in calling:
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "record"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and node.args[0].value not in ACTIONS
            ):
                unnamed.add(node.args[0].value)

    assert unnamed == set()


# --- migrations ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --- templates ----------------------------------------------------------------------------------------------------------


def _named_templates():
    named = set()
    for path in [*HOUSE.rglob("*.py"), *TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]:
        if "migrations" not in path.parts:
            named |= set(re.findall(r"""["']([\w/.-]+\.(?:html|txt))["']""", path.read_text()))
    return named


# Named by Django, by allauth or by the work of the frame, not by us.
BY_OTHERS = ("400.html", "403.html", "404.html", "500.html", "403_csrf.html", "allauth/", "account/", "mfa/", "django/")


def test_no_template_is_unused():
    named = _named_templates()
    there = {
        path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*") if path.suffix in (".html", ".txt")
    }

    unused = {name for name in there - named if not name.startswith(BY_OTHERS)}
    # a name put together in code: "desk/needs/" + part
    unused = {name for name in unused if Path(name).name not in {Path(n).name for n in named}}
    assert unused == set()


@pytest.mark.parametrize(
    "name", sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")), ids=str
)
def test_templates_compile_and_carry_no_inline_script_or_style(name):
    engines["django"].get_template(name)
    text = (TEMPLATES / name).read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), "inline script"
    assert "<style" not in text
    assert not re.search(r"\sstyle=", text), "inline style"
    assert not re.search(r"\son[a-z]+=", text), "inline handler"


# --- doors --------------------------------------------------------------------------------------------------------------


def _patterns(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route.lstrip("^"), pattern


PAGES = [(route, pattern) for route, pattern in _patterns() if not route.startswith(OPEN)]

SAMPLES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000001", "path": "x"}


def _address(route):
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLES.get(m[1] or "str", "1"), route)


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route, _pattern in PAGES], ids=str)
def test_every_page_refuses_strangers(client, route):
    for method in (client.get, client.post):
        response = method(_address(route))

        assert response.status_code in (302, 405), route
        if response.status_code == 302:
            assert response.headers["Location"].startswith(reverse("account_login")), route


@pytest.mark.parametrize("route", [route for route, _pattern in PAGES], ids=str)
def test_addresses_are_vietnamese_without_accents_and_routes_have_names(route):
    pattern = dict(PAGES)[route]
    words = re.sub(r"<[^>]+>", "", route)

    assert re.fullmatch(r"[a-z0-9/.-]*", words), route
    assert pattern.name, route
    assert re.fullmatch(r"[a-z][a-z0-9_-]*", pattern.name), pattern.name


# --- forms --------------------------------------------------------------------------------------------------------------


def _forms():
    for path in sorted((HOUSE / "web").rglob("forms.py")):
        name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        if find_spec(name):
            module = __import__(name, fromlist=["*"])
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, forms.BaseForm) and value.__module__ == name:
                    yield pytest.param(value, id=f"{path.parent.name}.{value.__name__}")


@pytest.mark.parametrize("form", list(_forms()))
def test_every_field_has_a_label_in_vietnamese(form):
    for name, field in getattr(form, "base_fields", {}).items():
        if field.widget.is_hidden:
            continue
        assert field.label or field.widget.attrs.get("aria-label"), name
        # a word without any mark may be Vietnamese as well: "Tên" has one, "Loai" has none
        assert str(field.label)[:1].isupper() or not field.label or VIETNAMESE.search(str(field.label)), name
