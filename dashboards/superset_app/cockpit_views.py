"""The cockpit's own pages: where a role lands, switching language, and the cleaned Chinese pack.

Imported late, through FAB_INDEX_VIEW and FLASK_APP_MUTATOR.
"""

from __future__ import annotations

import re

from flask import Flask, Response, g, jsonify, redirect, request, session
from flask_appbuilder import expose
from flask_login import current_user
from language_pack import chinese_pack
from superset.initialization import SupersetIndexView
from superset_config import LANGUAGES, RUNTIME, STATE

LOG, PACKS = "/superset/log/", "/superset/language_pack/"
COLOURS = re.compile(r"/api/v1/dashboard/\d+/colors")


def landing(language: str, dashboard: str = "") -> str:
    """Address of a dashboard that there is, else of the home of the user's first role that has one.

    Whether he may see the dashboard is for Superset to say, when he gets there.
    """
    user = getattr(g, "user", None)
    if not user or user.is_anonymous:
        return "/login/"
    if dashboard in RUNTIME["dashboards"]:
        return f"/superset/dashboard/{dashboard}-{language}/"
    names = {role.name for role in user.roles}
    for role, home in RUNTIME["homes"].items():
        if role in names:
            return f"/superset/dashboard/{home}-{language}/"
    # an administrator has no business home; the switch still leads somewhere useful
    return f"/superset/dashboard/{next(iter(RUNTIME['homes'].values()))}-{language}/"


def chosen_language() -> str:
    """Language of this session, else the installation's."""
    return session.get("locale") or RUNTIME["language"]


class RoleIndexView(SupersetIndexView):
    """`/` sends everyone to his own first page."""

    @expose("/")
    def index(self) -> Response:
        """Redirect to the landing page."""
        return redirect(landing(chosen_language()))


def register(app: Flask) -> None:
    """Add the switch of language and page, the language pack and the guards of logins and colours."""

    @app.route("/cockpit/<lang>/")
    @app.route("/cockpit/<lang>/<dashboard>/")
    def cockpit(lang: str, dashboard: str = "") -> Response:
        language = lang if lang in LANGUAGES else RUNTIME["language"]
        session["locale"] = language
        return redirect(landing(language, dashboard))

    @app.before_request
    def _serve_cleaned_pack() -> Response | None:
        if request.path.rstrip("/") != "/superset/language_pack/zh":
            return None
        return Response(chinese_pack(STATE).read_text(encoding="utf-8"), mimetype="application/json")

    @app.before_request
    def _take_no_log_of_strangers() -> Response | None:
        # refused, the login page's own beacon would leave "access denied" in the session
        return Response(status=204) if request.path == LOG and not current_user.is_authenticated else None

    @app.before_request
    def _keep_colours_as_written() -> Response | None:
        # a page whose series Superset coloured itself offers to save them when it is left; pages are as the
        # assets have them, and a reader may not write: so it is answered, and nothing is saved
        return jsonify({}) if request.method == "PUT" and COLOURS.fullmatch(request.path) else None

    @app.after_request
    def _never_undo_a_login(response: Response) -> Response:
        # the session is a cookie: what the login page asks in passing is answered after the login now and
        # then, and would put the stranger's session back in the place of the user's
        if request.path == LOG or request.path.startswith(PACKS):
            session.modified = False
        return response
