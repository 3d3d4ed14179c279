"""Pictures of pages: asked for by a button, served as pictures and nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from model.url import canonicalize_url
from service.desk.language import gettext
from service.desk.roles import needs
from service.desk.sessions import local_path
from service.errors import BusyError
from service.parts import parts
from service.screenshots.camera import NoPictureError

# A picture is shown inside the desk's pages: opened alone it can run, load and open nothing.
_ALONE = "default-src 'none'; sandbox"


def add_picturing(desk: Blueprint) -> None:
    """Give the desk the pictures of pages."""
    desk.add_url_rule("/screenshots", "take_screenshot", take, methods=["POST"])
    desk.add_url_rule("/screenshots/<name>.png", "screenshot", picture)


@needs("moderator")
def take() -> AnyResponse:
    """Take a picture of a page, and show the page it was asked for on again."""
    url = canonicalize_url(request.form.get("url", "")).href
    try:
        parts().camera.take(url, parts().service.steps.now())
    except NoPictureError:
        flash(gettext("No picture could be taken: the page did not come."), "error")
    except BusyError:
        flash(gettext("Another picture is being taken: try again in a moment."), "error")
    back = request.form.get("next")
    return redirect(local_path(back) if back else url_for("desk.page", url=url), 303)


@needs("moderator")
def picture(name: str) -> Response:
    """Serve a picture under rules of its own. Raises NotFoundError."""
    answer = make_response(parts().camera.read(name))
    answer.mimetype = "image/png"
    answer.headers["Content-Security-Policy"] = _ALONE
    answer.headers["Content-Disposition"] = 'inline; filename="page.png"'
    return answer
