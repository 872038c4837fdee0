"""Settings: one file for every set-up, moved by the environment alone.

The embedded default (SQLite, local queue) needs nothing set. ``CXREVIEW_PRODUCTION=1`` refuses to start
without a secret, a trail key and host names; ``DATABASE_URL`` and ``REDIS_URL`` move the same code to
PostgreSQL, Redis and any number of workers.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR = Path(env.str("CXREVIEW_VAR", default=str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)
PRODUCTION = env.bool("CXREVIEW_PRODUCTION", default=False)
DEBUG = env.bool("CXREVIEW_DEBUG", default=False)

# Words of examples: whoever copies one has the key that everybody has.
_KNOWN = ("insecure", "changeme", "change-me", "change_me", "example", "password")


def _own_secret(name: str, minimum: int = 50) -> str:
    """The secret from the environment, else (never in production) one made for this install and kept in VAR."""
    value = env.str(f"CXREVIEW_{name}", default="")
    if value:
        if PRODUCTION and (len(value) < minimum or len(set(value)) < 10):
            raise ImproperlyConfigured(f"CXREVIEW_{name} is too short or too simple: give {minimum} random characters.")
        if PRODUCTION and any(word in value.lower() for word in _KNOWN):
            raise ImproperlyConfigured(f"CXREVIEW_{name} is a known example: give {minimum} random characters.")
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"CXREVIEW_{name} is not set. Production needs a secret of its own.")
    file = VAR / name.lower().replace("_", "-")
    if not file.exists():
        # Web, worker and beat start together: the link lets only one of them invent the key, and never half of it.
        with tempfile.NamedTemporaryFile("w", dir=VAR) as handle:
            handle.write(secrets.token_urlsafe(64))
            handle.flush()
            with contextlib.suppress(FileExistsError):
                os.link(handle.name, file)
    return file.read_text().strip()


SECRET_KEY = _own_secret("SECRET_KEY")
TRAIL_KEY = _own_secret("TRAIL_KEY")
if PRODUCTION and SECRET_KEY == TRAIL_KEY:
    raise ImproperlyConfigured("CXREVIEW_SECRET_KEY and CXREVIEW_TRAIL_KEY must differ.")
TRAIL_ANCHOR = Path(env.str("CXREVIEW_TRAIL_ANCHOR", default=str(VAR / "trail.anchor")))

ALLOWED_HOSTS: list[str] = env.list("CXREVIEW_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("CXREVIEW_DEBUG must be off in production.")
    if not ALLOWED_HOSTS or any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("CXREVIEW_HOSTS must name the hosts that this site answers to, without wildcards.")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []
BASE_URL = env.str(
    "CXREVIEW_BASE_URL", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000"
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "teams",
    "jobs",
    "notices",
    "processes",
    "metrics",
    "reviews",
    "improvements",
    "reports",
    "cxreview",
]

MIDDLEWARE = [
    "cxreview.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cxreview.compressing.Compress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cxreview.once.Once",
    "cxreview.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cxreview.middleware.Doors",
]

ROOT_URLCONF = "cxreview.urls"
WSGI_APPLICATION = "cxreview.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cxreview.context.page",
                "cxreview.guiding.guides",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# Where the first page can be reached from elsewhere, only who reads the console may make the first administrator.
LOOPBACK = ("127.0.0.1", "::1", "localhost")
START_GUARDED = PRODUCTION or env.str("CXREVIEW_BIND", default="127.0.0.1") not in LOOPBACK

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'cxreview.sqlite3'}")}
_database = DATABASES["default"]
if "sqlite" in _database["ENGINE"]:
    # WAL alone leaves 39-64 % of concurrent writes refused; IMMEDIATE with a timeout leaves none.
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-20000;"
            "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=67108864;PRAGMA temp_store=MEMORY;"
        ),
    }
    _database["CONN_MAX_AGE"] = 600
else:
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "teams.Person"
AUTHENTICATION_BACKENDS = ["teams.backends.Holders"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SIGN_IN_GUESSES = 10
SIGN_IN_WINDOW = 300
TRUSTED_PROXIES = env.int("CXREVIEW_TRUSTED_PROXIES", default=0)
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# Stands before amounts of money on pages and papers.
CURRENCY = env.str("CXREVIEW_CURRENCY", default="£")
# Whether changes are Confirmed by the procedure that holds whatever the series share (metrics.trends.fleet).
CAUTIOUS = env.bool("CXREVIEW_CAUTIOUS", default=False)
FORMAT_MODULE_PATH = ["cxreview.formats"]

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "cxreview.assets.PackageFinder",
]
ASSETS_DIR = Path(env.str("CXREVIEW_ASSETS", default=str(BASE_DIR / ".assets")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if env.bool("CXREVIEW_PLAIN_STATIC", default=False)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILES_DIR = Path(env.str("CXREVIEW_FILES", default=str(VAR / "files")))
MEDIA_ROOT = FILES_DIR
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
UPLOAD_LIMIT_CSV = 200 * 1024 * 1024
UPLOAD_LIMIT_XLSX = 50 * 1024 * 1024

# Set by tests and demonstrations only; see teams/clock.py.
CLOCK_FILE = None if PRODUCTION else VAR / "clock"

REDIS_URL = env.str("REDIS_URL", default="")
# Seconds that a worker may be silent before another one takes its job. Renewed every quarter of it.
JOB_LEASE = env.float("CXREVIEW_JOB_LEASE", default=20.0)
# How often a job may lose its worker without having got any further before it has failed, with the reason.
JOB_ATTEMPTS = env.int("CXREVIEW_JOB_ATTEMPTS", default=5)
# Days after which what a plan staged is cleared, where nobody took it over.
PLAN_DAYS = env.int("CXREVIEW_PLAN_DAYS", default=30)
JOB_REAP = env.float("CXREVIEW_JOB_REAP", default=10.0)
# Further modules with work, for trials; none in an ordinary installation.
EXTRA_TASKS: list[str] = env.list("CXREVIEW_EXTRA_TASKS", default=[])
# How often worker and beat sign that they live; three times as long without a sign is red on the health page.
SIGN_EVERY = env.float("CXREVIEW_SIGN_EVERY", default=10.0)

CELERY_IMPORTS = ["jobs.tasks", "jobs.signs", "notices.tasks"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "jobs.signs:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "reap": {"task": "jobs.reap", "schedule": JOB_REAP, "options": {"expires": 60}},
    "mail": {"task": "notices.look", "schedule": 60.0, "options": {"expires": 60}},
    "analyses": {"task": "jobs.start", "args": ["metrics.analyse_all"], "schedule": crontab(hour=2, minute=0)},
    "plans": {"task": "jobs.start", "args": ["metrics.clear_plans"], "schedule": crontab(hour=1, minute=30)},
    "expiry": {"task": "jobs.start", "args": ["improvements.expire"], "schedule": crontab(hour=0, minute=10)},
    "housekeeping": {"task": "jobs.start", "args": ["jobs.housekeeping"], "schedule": crontab(hour=3, minute=0)},
}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "health_check_interval": 30,
        "socket_keepalive": True,
        "socket_connect_timeout": 3,
        "socket_timeout": 15,
    }
else:
    # No server needed: messages are files. They may get lost; the job row and the reaper make up for it.
    QUEUE_DIR, _control = VAR / "queue", VAR / "queue-control"
    for _folder in (QUEUE_DIR, _control):
        _folder.mkdir(mode=0o700, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR),
        "data_folder_out": str(QUEUE_DIR),
        "control_folder": str(_control),
        "polling_interval": 0.25,
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False

# "off" sends no mail to anybody; each person can also switch their own off.
MAIL = env.str("CXREVIEW_MAIL", default="on").lower() != "off"

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if env.str("EMAIL_URL", default=""):
    globals().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("CXREVIEW_FROM_EMAIL", default="CX Review <cxreview@localhost>")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "teams.views.signing_in.sent_too_late"
SESSION_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("CXREVIEW_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("CXREVIEW_LOG_LEVEL", default="INFO")},
    # One line for every message of the queue would bury all others.
    "loggers": {name: {"level": "WARNING"} for name in ("celery", "kombu", "amqp")},
}
