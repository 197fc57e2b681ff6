"""Superset's configuration: one node, no Redis, no Celery, nothing sent outside, no cached figures."""

from __future__ import annotations

import copy
import json
import os
from base64 import b64encode
from pathlib import Path

from flask import Flask
from superset.config import TALISMAN_CONFIG as _TALISMAN
from superset.config import THEME_DEFAULT as _THEME

RUNTIME = json.loads(Path(os.environ["WATTLEDGER_SUPERSET_RUNTIME"]).read_text())
STATE = Path(RUNTIME["state"])

SECRET_KEY = RUNTIME["secret_key"]  # encrypts the warehouse password inside the metadata database
SQLALCHEMY_DATABASE_URI = RUNTIME["metadata_uri"]
SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5}

# Figures are never cached: a month closed a second ago must show at once, and the marts answer in well under
# a second. Filter state and form data live in the metadata database (Superset's default).
CACHE_CONFIG = {"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 300}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}


class CeleryConfig:
    """Everything runs in the request; this only keeps Superset from looking for a broker."""

    broker_url = "memory://"
    result_backend = "cache+memory://"
    task_always_eager = True


CELERY_CONFIG = CeleryConfig
RATELIMIT_STORAGE_URI = "memory://"
SQLLAB_TIMEOUT = 60
SUPERSET_WEBSERVER_TIMEOUT = 60
ROW_LIMIT = 50000
SQL_MAX_ROW = 100000

FEATURE_FLAGS = {
    "ALERT_REPORTS": False,
    "DASHBOARD_RBAC": True,  # a dashboard is seen by its roles only, and brings its datasets with it
    "DRILL_BY": False,
    "EMBEDDED_SUPERSET": False,
    "ENABLE_TEMPLATE_PROCESSING": True,  # row-level rules name the user: {{ current_username() }}
    "RLS_IN_SQLLAB": True,
}

# --- languages, brand, formats
BABEL_DEFAULT_LOCALE = RUNTIME["language"]
LANGUAGES = {"zh": {"flag": "cn", "name": "简体中文"}, "en": {"flag": "us", "name": "English"}}
APP_NAME = "WattLedger"
D3_FORMAT = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["¥", ""]}
CURRENCIES = ["CNY"]
_LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="150" height="28">
<rect rx="5" width="28" height="28" fill="#0B5FA5"/><path d="M15 4 7 16h6l-2 8 9-13h-6z" fill="#fff"/>
<text x="36" y="20" font-family="sans-serif" font-size="17" font-weight="600" fill="#0B5FA5">WattLedger</text>
</svg>"""
_LOGO_URL = "data:image/svg+xml;base64," + b64encode(_LOGO.encode()).decode()
_ICON = _LOGO.replace('width="150"', 'width="28"')
FAVICONS = [{"href": "data:image/svg+xml;base64," + b64encode(_ICON.encode()).decode()}]
THEME_DEFAULT = {
    **_THEME,
    "token": {
        **_THEME["token"],
        "brandAppName": APP_NAME,
        "brandLogoAlt": APP_NAME,
        "brandLogoUrl": _LOGO_URL,
        "brandLogoHref": "/",
        "colorPrimary": "#0B5FA5",
        "colorLink": "#0B5FA5",
        "colorError": "#CF1322",
        "colorSuccess": "#389E0D",
        "colorWarning": "#D48806",
        "fontFamily": "Inter, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', Helvetica, sans-serif",
    },
}
THEME_DARK = None
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "wattledger",
        "label": "WattLedger",
        "description": "",
        "isDefault": True,
        "colors": ["#0B5FA5", "#F5A623", "#13A8A8", "#D48806", "#CF1322", "#7B61FF", "#8A97A5"],
    }
]

# --- security: scripts, styles, images and calls from this server only (which also stops the telemetry pixel)
HTML_SANITIZATION_SCHEMA_EXTENSIONS = {"attributes": {"*": ["className", "class"]}}
TALISMAN_ENABLED = True
TALISMAN_CONFIG = copy.deepcopy(_TALISMAN)
TALISMAN_CONFIG["content_security_policy"] |= {
    "default-src": ["'self'"],
    "img-src": ["'self'", "blob:", "data:"],
    "connect-src": ["'self'"],
    "font-src": ["'self'", "data:"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "script-src": ["'self'", "'strict-dynamic'"],
    "frame-ancestors": ["'self'"],
}
CONTENT_SECURITY_POLICY_WARNING = False
CORS_OPTIONS = {"origins": []}
WTF_CSRF_ENABLED = True
SESSION_COOKIE_NAME = "wattledger_superset"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
PREVENT_UNSAFE_DB_CONNECTIONS = True
FAB_API_SWAGGER_UI = False
ENABLE_UI_THEME_ADMINISTRATION = False
AUTH_USER_REGISTRATION = False

FAB_INDEX_VIEW = "cockpit_views.RoleIndexView"


def FLASK_APP_MUTATOR(app: Flask) -> None:
    """Add the cockpit's own pages; runs before Superset registers its views."""
    from cockpit_views import register

    register(app)
