import re

import jinja2
import pytest

from translator.reports import page
from translator.reports.page import percent, render


def test_what_comes_from_a_corpus_is_escaped_and_nothing_is_asked_of_other_places(monkeypatch):
    template = "{% extends 'base.html' %}{% block body %}<p title='{{ text }}'>{{ text }}</p>"
    environment = page._environment()
    texts = jinja2.DictLoader({"one.html": template + "{% endblock %}"})
    loader = jinja2.ChoiceLoader([texts, environment.loader])
    monkeypatch.setattr(environment, "loader", loader)
    evil = "'><script>alert(1)</script>&{{ 7 * 7 }}"
    made = render("one.html", title=evil, made="by a test", text=evil)
    assert "<script" not in made
    assert "49" not in made
    assert made.count("&lt;script&gt;") == 3
    assert "default-src 'none'" in made
    assert not re.findall(r"https?://|@import|url\(|<link|<img|src=", made)


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "0 %"),
        (0.00001, "under 0.01 %"),
        (0.0012, "0.12 %"),
        (0.0123, "1.2 %"),
        (0.123, "12 %"),
        (0.99999, "99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_shares_are_never_rounded_to_none_or_all(share, told):
    assert percent(share) == told
