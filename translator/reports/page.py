"""A template and its values -> a page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = "templates"


def render(template: str, **values: Any) -> str:
    """Return the page that a template of this folder (``corpus.html``) makes of `values`.

    Every value is escaped. A template extends ``base.html``, which takes `title` and, as `made`,
    the line at the bottom that says what made the page.
    """
    page: str = _environment().get_template(template).render(values)
    return page


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(__package__, TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["percent"] = percent
    environment.filters["px"] = lambda length: f"{length:.1f}".removesuffix(".0")
    environment.filters["shade"] = lambda share: f"{share:.3f}".rstrip("0").rstrip(".")
    return environment


def percent(share: float) -> str:
    """Return a share as ``12 %``, ``1.3 %`` or ``0.02 %``; never as 0 or 100 when it is not."""
    value = 100 * share
    if value in (0, 100):
        return f"{value:.0f} %"
    if value < 0.01:
        return "under 0.01 %"
    if value < 1:
        return f"{value:.2f} %"
    return f"{min(value, 99.9):.1f} %" if value < 10 or value > 99 else f"{value:.0f} %"
