"""Settings, from the environment and safe by default. README.md lists the variables."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-local-use" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "環境変数 SECRET_KEY を設定してください（手元で試すだけなら DEBUG=true）。"
    )
# Former keys, with which sessions and links from before a change of the key stay valid.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# While it is on, every page says that the site is closed, and until when, if MAINTENANCE_UNTIL is set.
MAINTENANCE = env.bool("MAINTENANCE", default=False)
MAINTENANCE_UNTIL = env.str("MAINTENANCE_UNTIL", default="")

INSTALLED_APPS = [
    "evaluations",
    "supports",
    "tokku.accounts",
    "tokku.service",
    "axes",
    "csp",
    "simple_history",
    "tokku.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "tokku.service.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tokku.service.middleware.RequestLineMiddleware",
    "tokku.caching.NotStoredMiddleware",
    "csp.middleware.CSPMiddleware",
    "tokku.maintenance.MaintenanceMiddleware",
    "tokku.errors.NullCharacterMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tokku.accounts.middleware.InputKeepingLoginMiddleware",
    "tokku.accounts.passwords.FirstSignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tokku.errors.MethodNotAllowedMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tokku.service.middleware.FileAuditMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # Last, because its page for people who are locked out replaces the response of the sign-in page.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tokku.urls"
WSGI_APPLICATION = "tokku.wsgi.application"

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
                "tokku.service.context.site_version",
            ],
        },
    }
]

# Database: a file beside the code until DATABASE_URL names another.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # Take the write lock at the start, so that two writers wait instead of failing.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "timeout": 20,
    }
elif _database["ENGINE"] == "django.db.backends.postgresql":
    # Each thread keeps its connection, and asks before a request whether it still is there: after a restart
    # of the server no page fails. A pool would hand out each dead connection once.
    _database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Pages computed from a year's state, in each process (evaluations/years/kept.py): some 30 KB each.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "kept": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "kept",
        "TIMEOUT": 8 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# Signing in
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "tokku.accounts.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "MinimumLengthValidator": {"min_length": 10},
        "UserAttributeSimilarityValidator": {"user_attributes": ("username", "name", "email")},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]

# Signing in with an identity provider (OpenID Connect), beside passwords, where OIDC_ISSUER is set.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_LABEL = env.str("OIDC_LABEL", default="共通認証でログイン")
OIDC_SCOPES = env.str("OIDC_SCOPES", default="openid profile email")
OIDC_SIGNING_ALGORITHM = env.str("OIDC_SIGNING_ALGORITHM", default="RS256")
OIDC_ACCOUNT_CLAIM = env.str("OIDC_ACCOUNT_CLAIM", default="sub")


def _meanings(name):
    """`value=meaning,value=meaning` as a dictionary. A value may have an equals sign itself."""
    pairs = (pair.rpartition("=") for pair in env.list(name, default=[]))
    return {value.strip(): meaning.strip() for value, _, meaning in pairs}


# What the values of claims mean: roles, and codes of municipalities.
OIDC_ROLE_CLAIM = env.str("OIDC_ROLE_CLAIM", default="")
OIDC_ROLES = _meanings("OIDC_ROLES")
OIDC_MUNICIPALITY_CLAIM = env.str("OIDC_MUNICIPALITY_CLAIM", default="")
OIDC_MUNICIPALITIES = _meanings("OIDC_MUNICIPALITIES")
if not {*OIDC_ROLES.values()} <= {"official", "reader"}:
    raise ImproperlyConfigured(
        "環境変数 OIDC_ROLES は、「クレームの値=official」か「クレームの値=reader」を「,」で並べてください。"
    )
if OIDC_ISSUER:
    AUTHENTICATION_BACKENDS.append("tokku.accounts.oidc.ProviderBackend")

# Five failures lock one user name from one address out; others at that address go on working.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "tokku.accounts.lockout.client_address"
AXES_LOCKOUT_CALLABLE = "tokku.accounts.lockout.locked_out"
AXES_HANDLER = "tokku.service.receivers.AuditingAxesHandler"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # tokku.service keeps its own
AXES_VERBOSE = False

# A page of entry with every scheme of a large zone, each related to every target.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Folders with fonts for PDF, such as BIZ UD, which are preferred to those that come with the code.
PDF_FONT_PATHS = [Path(folder) for folder in env.list("PDF_FONT_PATHS", default=[])]

# Mail: shown on the console until EMAIL_URL names a server, such as smtp+tls://user:password@host:587.
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10  # seconds that a mail server may be silent
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="tokku@localhost")
# Who is mailed about errors.
ADMINS = [("", address) for address in env.list("ADMINS", default=[])]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where people find this site, for links in mails.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEBUG else "").rstrip("/")

# Language and time
LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

# Static files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "tokku" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# The storage folder, for files that are not in the database. Nothing is stored there yet.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "media")))

# Browsers: only what this site itself sends, and, off a local machine, only over TLS.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "img-src": [SELF, "data:"],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tokku.accounts.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
# A session ends with the browser, and after a working day at the latest.
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = 0 if DEBUG else env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
# Other hosts below the domain, and lists in browsers, are for the owner of the domain to decide.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# How many proxies of one's own stand before this site, each adding to X-Forwarded-For. BEHIND_PROXY is the older name for one.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=int(env.bool("BEHIND_PROXY", default=False)))
if TRUSTED_PROXIES < 0:
    raise ImproperlyConfigured("環境変数 TRUSTED_PROXIES は、0以上の数にしてください。")
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A line for each request, error and warning goes to standard error, for the service that runs the site to keep;
# what people do also to the file AUDIT_LOG, where it is set.
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
AUDIT_LOG = env.str("AUDIT_LOG", default="")
_FORMATTERS = {
    "text": {"()": "tokku.service.logs.TextFormatter"},
    "json": {"()": "tokku.service.logs.JsonFormatter"},
}
if LOG_FORMAT not in _FORMATTERS:
    raise ImproperlyConfigured("環境変数 LOG_FORMAT は、text か json にしてください。")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": _FORMATTERS[LOG_FORMAT]},
    "filters": {"refusals": {"()": "tokku.service.logs.RefusalFilter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["refusals"],
        },
        "mail": {"class": "tokku.service.logs.ErrorMailHandler", "filters": ["refusals"]},
        "audit": {
            # Opened anew when it has been moved away, as by logrotate.
            "class": "logging.handlers.WatchedFileHandler",
            "filename": AUDIT_LOG,
            "encoding": "utf-8",
            "formatter": "line",
        }
        if AUDIT_LOG
        else {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr", "mail"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "WARNING"},  # without Django's own handlers
        "axes": {"level": "ERROR"},  # tokku.audit has what it warns of
        "tokku.audit": {"level": "INFO", "handlers": ["audit"]},
        # On a local machine runserver has a line of its own.
        "tokku.requests": {"level": "WARNING" if DEBUG else "INFO"},
    },
}

SIMPLE_HISTORY_REVERT_DISABLED = True
