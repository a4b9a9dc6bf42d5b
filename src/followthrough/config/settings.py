"""Django's settings, from the typed environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from followthrough.config.environment import DATABASE_FILE, Environment
from followthrough.core.log_format import without_traceback

ENVIRONMENT = Environment()
PACKAGE = Path(__file__).parent.parent
DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
CURRENCY = ENVIRONMENT.currency
BASE_URL = ENVIRONMENT.base_url.rstrip("/")
UPLOAD_LIMIT = ENVIRONMENT.upload_megabytes * 1024 * 1024
SECRET_KEY = ENVIRONMENT.signing_key()
_address = urlsplit(BASE_URL)
_secure = _address.scheme == "https"
ALLOWED_HOSTS = ENVIRONMENT.host_names
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "followthrough.core",
    "followthrough.activity",
    "followthrough.jobs",
    "followthrough.people",
    "followthrough.records",
    "followthrough.search",
    "followthrough.notifications",
    "followthrough.live",
    "followthrough.calendars",
    "followthrough.incidents",
    "followthrough.postmortems",
    "followthrough.timeline",
    "followthrough.writing",
    "followthrough.causes",
    "followthrough.actions",
    "followthrough.past_reports",
    "followthrough.similarity",
    "followthrough.facts",
    "followthrough.meetings",
    "followthrough.scheduling",
    "followthrough.meeting_room",
    "followthrough.check_ins",
    "followthrough.reports",
    "followthrough.patterns",
    "followthrough.insights",
    "followthrough.integrations",
    "followthrough.home",
]

MIDDLEWARE = [
    "followthrough.core.middleware.PrivateAnswers",
    "django.middleware.security.SecurityMiddleware",
    "followthrough.core.middleware.Utf8Only",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "followthrough.people.security_log.Refusals",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "followthrough.people.middleware.SessionTimeouts",
    "followthrough.people.middleware.ViewerZone",
    "followthrough.core.middleware.DomainErrors",
]

ROOT_URLCONF = "followthrough.config.urls"
ASGI_APPLICATION = "followthrough.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "followthrough.home.context_processors.frame",
            ],
            "builtins": [
                "followthrough.core.templatetags.core",
                "followthrough.people.templatetags.people",
                "followthrough.actions.templatetags.actions",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    if not ENVIRONMENT.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "CONN_MAX_AGE": None,
            "NAME": ENVIRONMENT.data / DATABASE_FILE,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;"
                    " PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    url = urlsplit(ENVIRONMENT.database_url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": _database()}
VALKEY_URL = ENVIRONMENT.valkey_url
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
REGULAR_JOBS = "followthrough.config.regular_jobs.REGULAR_JOBS"
WORK_STREAMS = "followthrough.config.regular_jobs.WORK_STREAMS"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "followthrough.people.password_words.ContextWords"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "followthrough.people.allauth_adapter.InvitedOnly"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "change_password": "followthrough.people.forms.ChangePassword",
    "reset_password": "followthrough.people.forms.AskForReset",
    "reset_password_from_key": "followthrough.people.forms.ResetPassword",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "followthrough.people.reset_tokens.ResetTokens"  # noqa: S105 - a class
# people.throttling counts these in the database instead.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reset_password": None}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/build/.+-[A-Z0-9]{8}\..+$"
MEDIA_ROOT = ENVIRONMENT.data / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FILES = 2_500  # an import refuses more than 2,000 in words of its own
PDF_ROOT = ENVIRONMENT.data / "pdf"
"""Documents that can be made again at any time; no backup holds them."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HSTS_SECONDS = 365 * 24 * 3600 if _secure else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_ENGINE = "followthrough.people.sessions"
SESSION_COOKIE_AGE = ENVIRONMENT.session_idle_hours * 3600
SESSION_LONGEST_SECONDS = CSRF_COOKIE_AGE = ENVIRONMENT.session_days * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
COOKIE_PREFIX = "__Host-" if _secure else ""
"""Browsers keep cookies of such names to this very host and to TLS."""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}followthrough_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}followthrough_csrf"
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}followthrough_device"
MESSAGE_STORAGE = "followthrough.core.flash_messages.FlashMessages"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.sender
MAIL_HOST = ENVIRONMENT.mail_host
"""The domain in the headers of mail."""
_mail = urlsplit(ENVIRONMENT.mail_url)
MAIL_ON = bool(_mail.hostname)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if MAIL_ON
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_USE_LOCALTIME = True
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp" and bool(_mail.username)
EMAIL_TIMEOUT = 20
METRICS_TOKEN = ENVIRONMENT.metrics_token

CALENDAR_NETWORKS = [part.strip() for part in ENVIRONMENT.calendar_networks.split(",") if part.strip()]
INTEGRATION_NETWORKS = [part.strip() for part in ENVIRONMENT.integration_networks.split(",") if part.strip()]
REPLIES_URL = ENVIRONMENT.replies_url
REPLIES_ADDRESS = ENVIRONMENT.replies_address or unquote(urlsplit(REPLIES_URL).username or "")

FORM_RENDERER = "followthrough.core.forms.Renderer"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "followthrough.core.log_format.OneLine",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%SZ",
        }
    },
    "filters": {"refusal": {"()": lambda: without_traceback}},
    "loggers": {"django.security.DisallowedHost": {"filters": ["refusal"]}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
}
