"""One settings file.  Every switch reads the environment; the defaults start on SQLite without any of them.

Switches: ``KC_DEMO`` (demo data, printed passwords, loopback only), ``KC_DATA_DIR`` (database, files, collected assets),
``DATABASE_URL`` (PostgreSQL), ``KC_SECRET_KEY`` or ``KC_SECRET_KEY_FILE`` (mode 600), ``KC_HOSTS``, ``KC_SITE_URL``,
``KC_EMAIL_URL``, ``KC_LOG_LEVEL``, ``KC_CA_DIR`` (certificates of authorities).
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = os.environ.get
DEMO = env("KC_DEMO") == "1"
DEMO_PASSWORD = "khuyencong-demo"  # of the invented accounts of a demonstration; worth nothing outside it
DEBUG = False
DATA_DIR = Path(env("KC_DATA_DIR", str(BASE_DIR / "var")))


def _secret_key() -> str:
    """From the environment, from a file that only its owner reads, or made once for a demonstration."""
    if key := env("KC_SECRET_KEY"):
        return key
    path = Path(env("KC_SECRET_KEY_FILE", str(DATA_DIR / "secret-key")))
    try:
        if path.exists():
            if path.stat().st_mode & 0o077:
                raise ImproperlyConfigured(f"{path}: tệp khoá bí mật phải có quyền 600.")
            return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Không đọc được tệp khoá bí mật {path}. Hãy chạy bằng người dùng đã tạo tệp này, "
            "hoặc đặt KC_DATA_DIR sang thư mục khác."
        ) from error
    import secrets

    key = secrets.token_urlsafe(50)
    try:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except OSError:  # made by another process meanwhile; a folder that cannot be written is reported by `manage.py run`
        if path.exists():
            return path.read_text().strip()
    return key


def _database() -> dict:
    url = env("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "khuyencong.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # a page asks some thirty questions, and there are more pages than Python keeps statements for (128):
                # reading a long one again costs ten times as long as answering it
                "cached_statements": 500,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL phải bắt đầu bằng postgresql://")
    # short questions in great number: compiling each costs more than asking it, and a read beside the last costs no more
    # than the next.  A pooler that knows no such options: end the address with "?options="
    options = {"options": "-c jit=off -c random_page_cost=1.1", **dict(parse_qsl(parts.query, keep_blank_values=True))}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = (env("KC_HOSTS") or "127.0.0.1,localhost,[::1],testserver").split(",")
SITE_URL = env("KC_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "khuyencong.web.common.pages.forged"

DOMAIN = [
    "audit",
    "files",
    "places",
    "organisations",
    "norms",
    "people",
    "documents",
    "notices",
    "establishments",
    "councils",
    "needs",
    "projects",
    "budgets",
    "plans",
    "contracts",
    "work",
    "reporting",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    *(f"khuyencong.{name}" for name in DOMAIN),
    "khuyencong.web",
    "khuyencong.tools",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "khuyencong.web.common.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "khuyencong.web.common.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "khuyencong.web.common.middleware.Frame",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "people.User"
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "khuyencong/web/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "khuyencong.web.common.context.frame",
            ],
            "builtins": [
                "khuyencong.web.common.tags.values",
                "khuyencong.web.common.tags.blocks",
                "khuyencong.web.common.tags.pieces",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]
FORM_RENDERER = "khuyencong.web.common.forms.Renderer"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["config.formats"]

AUTHENTICATION_BACKENDS = ["khuyencong.web.common.backends.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "khuyencong.web.common.accounts.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
LATE_RECORDING_DAYS = int(env("KC_LATE_RECORDING_DAYS", "5"))  # working days from the day on a paper to its recording
CA_DIR = Path(env("KC_CA_DIR", str(DATA_DIR / "ca")))  # certification authorities whose signatures on PDFs are trusted
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if mail := env("KC_EMAIL_URL"):  # smtp://user:password@host:587
    _mail = urlsplit(mail)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS = EMAIL_PORT == 587
DEFAULT_FROM_EMAIL = env("KC_EMAIL_FROM", "khuyencong@localhost")

SECURE_COOKIES = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
X_FRAME_OPTIONS = "SAMEORIGIN"  # a paper is shown beside its two buttons
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"keys": {"()": "khuyencong.base.logs.WithoutKeys"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["keys"],
            "level": env("KC_LOG_LEVEL", "WARNING"),
        }
    },
    # a signature that cannot be traced to an authority is an answer there, no fault: no tracebacks
    "loggers": {"pyhanko": {"level": "CRITICAL"}, "pyhanko_certvalidator": {"level": "CRITICAL"}},
    "root": {"handlers": ["console"], "level": env("KC_LOG_LEVEL", "WARNING")},
}
