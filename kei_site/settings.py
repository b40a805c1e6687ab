"""Every setting, read from the environment; an empty environment is a secure site.

`docs/operations.md` has the table of variables; a test compares the two.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import html_tags
from environs import Env, validate
from js_asset import static_lazy

from kei_site.secret_key import read_or_create_secret_key

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")

# --- Where the site lives ----------------------------------------------------
SITE_URL = env.str("SITE_URL", "https://localhost").rstrip("/")
ALLOW_PLAIN_HTTP = env.bool("ALLOW_PLAIN_HTTP", False)
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path or _site.query:
    raise ImproperlyConfigured(
        "SITE_URL must be the site's public address without a path, such as https://www.example.org"
    )
_host = f"[{_site.hostname}]" if ":" in _site.hostname else _site.hostname
if ALLOW_PLAIN_HTTP and _host not in LOOPBACK_HOSTS:
    raise ImproperlyConfigured(
        "ALLOW_PLAIN_HTTP is for trying the site on this machine only: "
        "SITE_URL must then be a loopback address such as http://127.0.0.1:8000"
    )
ALLOWED_HOSTS = [*dict.fromkeys([_host, *env.list("ALLOWED_HOSTS", []), *LOOPBACK_HOSTS])]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Security ----------------------------------------------------------------
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", "") or read_or_create_secret_key(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
SECURE_SSL_REDIRECT = not ALLOW_PLAIN_HTTP
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_HTTPS_PROXY", False) else None
)
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 0 if ALLOW_PLAIN_HTTP else 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not ALLOW_PLAIN_HTTP
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "staff_session"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}

# --- Application -------------------------------------------------------------
INSTALLED_APPS = [
    # Before publications, whose admin takes their own out again.
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "kei_site",
    "publications",
    "newsletter",
    "kei_site.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_prose_editor",
    "anymail",
]
MIDDLEWARE = [
    "kei_site.middleware.no_body_for_head",
    "kei_site.middleware.parse_uploads",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kei_site.middleware.CompressPages",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kei_site.accounts.middleware.staff_sessions",
    "publications.middleware.due_changes",
    "publications.middleware.redirects",
]
# Addresses that show nothing of what becomes due: the sign of life, which must do without a
# database, and those of subscribers, who press a button in a mail.
NOTHING_IS_DUE_AT = ("/health", "/newsletter/")
ROOT_URLCONF = "kei_site.urls"
WSGI_APPLICATION = "kei_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "publications.User"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
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
            ],
        },
    }
]

FORM_RENDERER = "kei_site.common.form_rendering.QuickTemplates"

# --- Accounts of staff --------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
REQUIRE_MFA = env.bool("REQUIRE_MFA", False)
ACCOUNT_ADAPTER = "kei_site.accounts.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = True
# Wrong passwords are counted by kei_site.accounts.limits; this is for wrong codes.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
ACCOUNT_FORMS = {"login": "kei_site.accounts.forms.SignInForm"}
MFA_ADAPTER = "kei_site.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "kei_site.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "kei_site.accounts.forms.RenamePasskeyForm",
    "authenticate_webauthn": "kei_site.accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "kei_site.accounts.forms.PasskeyAgainForm",
    "login_webauthn": "kei_site.accounts.forms.PasskeySignInForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ALLOW_PLAIN_HTTP

# --- Database ----------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "")
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL")
    if DATABASE_URL
    else {
        "ENGINE": "kei_site.embedded",
        "NAME": "kei",
        "DATA_DIR": VAR_DIR / "postgres",
        "BIN_DIR": env.path("POSTGRES_BIN_DIR", None),
    }
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

CACHES = {
    # Counts wrong codes and knows used ones, so that all processes must share it.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    "nearby": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# --- Files -------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "kei_site" / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", VAR_DIR / "media")
# `collectstatic` writes the manifest; without it the files are served as they are.
STATIC_IS_BUILT = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not STATIC_IS_BUILT
if not STATIC_IS_BUILT:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_IS_BUILT or env.bool("BUILD_STATIC", False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_UPLOAD_MB = env.int("MAX_UPLOAD_MB", 50)
FILE_UPLOAD_PERMISSIONS = 0o640
# Over this size an upload goes to disk as it comes; over MAX_UPLOAD_MB it goes nowhere.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "kei_site.common.uploads.StopAtLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- The editor --------------------------------------------------------------
# Our own tools: the modules, and the extensions that they export.
WRITING_TOOLS = "admin_extra/writing"
WRITING_EXTENSIONS = [
    "Abbreviation", "Anchor", "Cited", "CleanPaste", "Definition", "DefinitionList",
    "DefinitionTerm", "Deleted", "Embed", "Footnote", "FootnoteReference", "Footnotes",
    "InlineImage", "Inserted", "KeptAttributes", "LiveCount", "Marked", "Quoted", "Small", "Span",
]  # fmt: skip
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [
            static_lazy(f"{WRITING_TOOLS}/{name}.js")
            for name in ("keep", "footnotes", "figures", "tables", "quotes", "embeds", "links",
                         "pasting", "counting")
        ],
        # What the sanitizer allows is settled elsewhere, in one list for every way in.
        "extensions": dict.fromkeys(["Writing", *WRITING_EXTENSIONS], html_tags([])),
    }
]  # fmt: skip

# --- Mail --------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", f"Newsletter <newsletter@{_site.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where mail that asks to be taken off arrives, if any.
UNSUBSCRIBE_ADDRESS = env.str("UNSUBSCRIBE_ADDRESS", "")
DKIM_KEY_FILE = env.str("DKIM_KEY_FILE", "")
DKIM_SELECTOR = env.str("DKIM_SELECTOR", "newsletter")
DKIM_DOMAIN = env.str("DKIM_DOMAIN", "")
# Domains whose addresses are not taken, one a line.
REFUSE_DISPOSABLE_FILE = env.path("REFUSE_DISPOSABLE_FILE", None)
SMTP_HOST = env.str("SMTP_HOST", "")
SMTP_SECURITY = env.str(
    "SMTP_SECURITY", "starttls", validate=validate.OneOf(["none", "starttls", "tls"])
)
MAILERS = {
    "default": {
        "BACKEND": "newsletter.mail.smtp.EmailBackend",
        "OPTIONS": {
            "host": SMTP_HOST,
            "port": env.int("SMTP_PORT", 587),
            "username": env.str("SMTP_USER", ""),
            "password": env.str("SMTP_PASSWORD", ""),
            "use_tls": SMTP_SECURITY == "starttls",
            "use_ssl": SMTP_SECURITY == "tls",
            "timeout": 20,
        },
    }
    if SMTP_HOST
    # Nothing is lost before a relay is set: each message becomes a file.
    else {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": VAR_DIR / "mail"},
    }
}
# Events that a mail provider posts: “user:password” in the address given to it.
ANYMAIL = {
    **env.dict("ANYMAIL_KEYS", {}),
    "WEBHOOK_SECRET": env.str(
        "ANYMAIL_WEBHOOK_SECRET", "", validate=validate.Regexp(r"^$|^[^:]+:.{16,}$")
    ),
}

# --- Language and time -------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "America/New_York")
USE_TZ = True

# --- Lists -------------------------------------------------------------------
PAGE_SIZE = env.int("PAGE_SIZE", 20, validate=validate.Range(1, 200))

# --- Links -------------------------------------------------------------------
# Only tests let the checker connect to this machine and to private networks.
LINK_CHECK_ANYWHERE = False

# --- Tags --------------------------------------------------------------------
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "publications.models.tags.split_tag_names"
TAGGIT_STRING_FROM_TAGS = "publications.models.tags.join_tag_names"

# --- Logging -----------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    # Without this Django mails tracebacks to ADMINS and prints nothing in production.
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
