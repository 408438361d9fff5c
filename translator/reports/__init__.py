"""Results as a page: one HTML file that asks no other place for anything.

    page.py      a template and its values -> the page
    templates/   base.html (the common style), and one template for each kind of report

Everything that comes from a corpus is escaped by Jinja, whose templates never mark it as safe.
Pictures are inline SVG, drawn by the templates in the colours of the page, light or dark.
"""

from translator.reports.page import render

__all__ = ["render"]
