"""render_page: one self-contained HTML file from a template and the one style sheet."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from subak import __version__
from subak.views import wording

_TEMPLATES = Path(__file__).parent / "templates"
_FILTERS = (
    wording.duration,
    wording.count,
    wording.moment,
    wording.shorten,
    wording.middle,
    wording.size,
)


def render_page(template: str, **values: object) -> str:
    """Return a page: no script, nothing from outside, foreign text escaped.

    Args:
        values: What the template names, besides the style sheet and the version.
    """
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in _FILTERS:
        environment.filters[function.__name__] = function
    css = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    html = environment.get_template(template).render(
        css=css, css_hash=digest, version=__version__, **values
    )
    return html.encode("utf-8", "replace").decode("utf-8")
