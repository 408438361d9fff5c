from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from translator.alignment import read_attention
from translator.decoding.alarms import checked
from translator.languages import language_name
from translator.web import detection, libretranslate, service
from translator.web.guard import HEADERS, Access

TEXT = "The cat sat on the mat. A bird sings!\n\n  We eat bread."
SENTENCES = ["The cat sat on the mat.", "A bird sings!", "We eat bread."]
ASKED = {"source": "en", "target": "fr"}


def events(text: str) -> list[tuple[str, object]]:
    found = []
    for block in text.split("\n\n")[:-1]:
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


# as LibreTranslate


def test_a_text_is_translated_sentence_by_sentence(client, translator):
    a, b, c = translator.translate(SENTENCES)
    answer = client.post("/translate", json={"q": TEXT, **ASKED})
    assert answer.status_code == 200
    assert answer.json() == {"translatedText": f"{a} {b}\n\n  {c}"}


def test_forms_and_addresses_are_read_too(client, translator):
    [expected] = translator.translate(["We eat bread."])
    wanted = {"translatedText": expected}
    assert client.post("/translate", data={"q": "We eat bread.", **ASKED}).json() == wanted
    assert client.post("/translate", params={"q": "We eat bread.", **ASKED}).json() == wanted


def test_several_texts_and_alternatives(client, translator):
    rows = translator.search(SENTENCES[:2], n_best=3)
    answer = client.post("/translate", json={"q": SENTENCES[:2], "alternatives": 2, **ASKED}).json()
    assert answer["translatedText"] == [row[0].text for row in rows]
    for row, others in zip(rows, answer["alternatives"], strict=True):
        best, *rest = dict.fromkeys(one.text for one in row)
        assert others == rest
        assert best not in others
    one = client.post("/translate", json={"q": "We eat bread.", "alternatives": 50, **ASKED}).json()
    assert len(one["alternatives"]) <= 2  # the beam is 3


def test_html(client, translator):
    rows = translator.search(SENTENCES[:2], n_best=3)
    html = "<h1>A bird sings!</h1>\n<p>The <b>cat</b> sat on the mat.<br>A bird sings!</p>"
    asked = {"q": [html, "&lt; 12 <b>"], "format": "html", "alternatives": 2, **ASKED}
    answer = client.post("/translate", json=asked).json()
    [attention] = read_attention(translator, SENTENCES[:1], [rows[0][0].text])
    linked = [t for s, t in attention.links if s == 1]
    assert linked
    words = rows[0][0].text.split()
    bold = " ".join(words[min(linked) : max(linked) + 1])
    found, other = answer["translatedText"]
    cat, bird = rows[0][0].text, rows[1][0].text
    marked = cat.replace(bold, f"<b>{bold}</b>", 1)
    assert found == f"<h1>{bird}</h1>\n<p>{marked}<br>{bird}</p>"
    assert other == "&lt; 12 <b>"
    assert len(answer["alternatives"][0]) == 2
    assert answer["alternatives"][1] == []
    for text in answer["alternatives"][0]:
        assert re.sub("<[^>]+>", "", text) != re.sub("<[^>]+>", "", found)
        assert re.fullmatch(r"<h1>[^<]*</h1>\n<p>[^<]*<b>[^<]*</b>[^<]*<br>[^<]*</p>", text)


def test_html_that_is_too_long_to_be_aligned(client, monkeypatch):
    monkeypatch.setattr(libretranslate, "MOST_TO_ALIGN", 10)
    monkeypatch.setattr(service.Service, "attentions", None)
    asked = {"q": "The <b>cat</b> sat on the mat.", "format": "html", **ASKED}
    assert "<b>" in client.post("/translate", json=asked).json()["translatedText"]


def test_the_other_direction(client, run):
    from translator import Translator

    [expected] = Translator.load(run, source="fr").translate(["Un oiseau chante."])
    asked = {"q": "Un oiseau chante.", "source": "fr", "target": "en"}
    assert client.post("/translate", json=asked).json()["translatedText"] == expected
    asked = {"q": "Un oiseau chante.", "source": "fr-CA", "target": "en-GB"}
    assert client.post("/translate", json=asked).json()["translatedText"] == expected


def test_the_source_is_detected(client, translator):
    text = "The cat sat on the mat, and the bird sings in the garden."
    answer = client.post("/translate", json={"q": text, "source": "auto", "target": "fr"}).json()
    assert answer["translatedText"] == translator.translate([text])[0]
    assert answer["detectedLanguage"]["language"] == "en"
    found = client.post("/detect", data={"q": "Nous mangeons du pain le matin."}).json()
    assert [one["language"] for one in found] == ["fr", "en"]
    assert sum(one["confidence"] for one in found) == pytest.approx(100, abs=0.2)


def test_without_the_extra_nothing_is_detected(client, monkeypatch):
    monkeypatch.setattr(detection, "find_spec", lambda name: None)
    answer = client.post("/detect", json={"q": "Nous mangeons."})
    assert answer.status_code == 400
    assert "translator[languages]" in answer.json()["error"]
    assert client.get("/frontend/settings").json()["detection"] is False


def test_a_language_that_cannot_be_told_is_not_guessed():
    assert detection.detect("tlhIngan", ["tlh"]) == [("tlh", 1.0)]
    assert dict(detection.detect("a text", ["tlh", "qqq"])) == {"tlh": 0.5, "qqq": 0.5}
    assert [tag for tag, _ in detection.detect("Good morning", ["tlh", "en"])] == ["en"]


def test_languages_settings_health(client):
    assert client.get("/languages").json() == [
        {"code": "en", "name": language_name("en"), "targets": ["fr"]},
        {"code": "fr", "name": language_name("fr"), "targets": ["en"]},
    ]
    settings = client.get("/frontend/settings").json()
    assert settings["directions"] == [["en", "fr"], ["fr", "en"]]
    assert settings["keyRequired"] is False
    assert settings["charLimit"] == 20_000
    assert settings["alternatives"] == 3
    assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"q": "x", "source": "en"}, 400, "target: Field required"),
        ({"q": 5, **ASKED}, 400, "q: Input should be a valid string"),
        ({"q": "x", "source": "en", "target": "de"}, 400, "no model translates en -> de"),
        ({"q": "x", "source": "en", "target": "en"}, 400, "no model translates en -> en"),
        ({"q": "x", "source": "<script>", "target": "fr"}, 400, "no model translates <script>"),
        ({"q": "x", "source": "e" * 36, "target": "fr"}, 400, "at most 35 characters"),
        ({"q": "x", "format": "pdf", **ASKED}, 400, "format: Input should be 'text' or 'html'"),
        ({"q": "x" * 20_001, **ASKED}, 413, "20001 characters in one request; at most 20000"),
        ({"q": ["x"] * 257, **ASKED}, 413, "257 texts in one request; at most 256"),
        ({"q": "x", "alternatives": -1, **ASKED}, 400, "alternatives: Input should be greater"),
    ],
)
def test_what_is_refused(asked, status, told, client):
    answer = client.post("/translate", json=asked)
    assert answer.status_code == status
    assert told in answer.json()["error"]


@pytest.mark.parametrize(
    ("path", "content", "kind", "status"),
    [
        ("/translate", b"{", "application/json", 400),
        ("/translate", b"[" * 100_000, "application/json", 400),
        ("/translate", b"[]", "application/json", 400),
        ("/translate", b"q=%ff&source=en&target=fr", "application/x-www-form-urlencoded", 200),
        ("/translate", b"\xff", "application/x-www-form-urlencoded", 400),
        ("/translate", b"<q/>", "text/xml", 415),
        ("/api/translate", b"{", "application/json", 400),
        ("/api/translate", b"[" * 100_000, "application/json", 400),
        ("/api/translate", b'{"text": "\\ud800", "source": "en", "target": "fr"}', None, 400),
        ("/translate", b'{"q": "\\ud800", "source": "en", "target": "fr"}', None, 400),
    ],
)
def test_odd_bodies(path, content, kind, status, client):
    headers = {"content-type": kind or "application/json"}
    answer = client.post(path, content=content, headers=headers)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert set(answer.json()) == {"error"}


@pytest.mark.parametrize(
    "text", ["", "  ", "\n", "\0", "a\0b", "\ufdd0", "🐈‍⬛ https://a.example/ {x}"]
)
def test_odd_texts(text, client):
    answer = client.post("/translate", json={"q": text, **ASKED})
    assert answer.status_code == 200
    if not text.strip():
        assert answer.json() == {"translatedText": text}
    answer = client.post("/api/translate", json={"text": text, **ASKED}).json()
    assert "".join(one["source"] + one["space"] for one in answer["sentences"]) == text


# our own


def test_sentences_with_their_words(client, translator):
    rows = translator.search(SENTENCES, n_best=2, parts=True)
    answer = client.post("/api/translate", json={"text": TEXT, "n_best": 2, **ASKED}).json()
    assert (answer["source"], answer["target"]) == ("en", "fr")
    assert "".join(one["source"] + one["space"] for one in answer["sentences"]) == TEXT
    found = [one for one in answer["sentences"] if one["source"]]
    assert [one["source"] for one in found] == SENTENCES
    for sentence, row in zip(found, rows, strict=True):
        assert [one["text"] for one in sentence["translations"]] == [one.text for one in row]
        for told, one in zip(sentence["translations"], row, strict=True):
            assert told["log_prob"] == pytest.approx(one.log_prob, abs=1e-5)
            assert told["score"] == pytest.approx(one.score, abs=1e-5)
            assert told["complete"] == one.complete
            assert [word["text"] for word in told["words"]] == [word.text for word in one.words]
    whole = "".join(
        (one["translations"][0]["text"] if one["source"] else "") + one["target_space"]
        for one in answer["sentences"]
    )
    assert answer["text"] == whole


def test_what_looks_doubtful_is_told(client, translator, doubtful):
    text = f"We eat bread.\n{doubtful}"
    answer = client.post("/api/translate", json={"text": text, **ASKED}).json()
    found = checked(translator, ["We eat bread.", doubtful], retry=False)
    told = [one["alarms"] for one in answer["sentences"] if one["source"]]
    assert told == [list(one.alarms) for one in found]
    assert not told[0]
    assert told[1]


def test_a_glossary(client, translator):
    terms = {"cat": "chat", "mat": "tapis"}
    [[expected]] = translator.search(["The cat sat on the mat."], glossary=terms)
    asked = {"text": "The cat sat on the mat.", "glossary": terms, **ASKED}
    [sentence] = client.post("/api/translate", json=asked).json()["sentences"]
    [found] = sentence["translations"]
    assert found["text"] == expected.text
    assert found["missed"] == [[term.source, term.target] for term in expected.missed]


def test_a_glossary_that_the_engine_cannot_keep(client, loaded, monkeypatch):
    monkeypatch.setattr(type(loaded[0].engine), "refusal", lambda self, options: "it")
    asked = {"text": "The cat.", "glossary": {"cat": "chat"}, **ASKED}
    answer = client.post("/api/translate", json=asked)
    assert answer.status_code == 400
    assert answer.json() == {"error": "the engine torch cannot keep a glossary"}


def test_scores_are_those_of_the_translator(client, translator):
    pairs = [("The cat.", "Le chat."), ("", "Le chat."), ("A bird.", "Un oiseau.")]
    expected = translator.score([a for a, _ in pairs], [b for _, b in pairs], parts=True)
    asked = {"pairs": [{"source": a, "target": b} for a, b in pairs], **ASKED}
    found = client.post("/api/score", json=asked).json()["scores"]
    assert found[1] is None
    for told, one in ((found[0], expected[0]), (found[2], expected[2])):
        assert told["log_prob"] == pytest.approx(one.log_prob, abs=1e-5)
        assert told["perplexity"] == pytest.approx(one.perplexity, rel=1e-6)
        assert [word["text"] for word in told["words"]] == [word.text for word in one.words]


def test_alignments_are_those_of_the_translator(client, translator):
    pairs = [("The cat sat.", "Le chat s'est assis."), ("", "Le chat."), ("A bird.", "Un oiseau.")]
    expected = read_attention(translator, [a for a, _ in pairs], [b for _, b in pairs])
    asked = {"pairs": [{"source": a, "target": b} for a, b in pairs], **ASKED}
    found = client.post("/api/align", json=asked).json()["alignments"]
    for told, one in zip(found, expected, strict=True):
        assert told["source"] == list(one.source)
        assert told["target"] == list(one.target)
        assert told["links"] == [list(link) for link in one.links]
        assert np.allclose(np.array(told["weights"]), one.chosen, atol=1e-4) or not one.source
        assert told["heads"] is None
    [told, *_] = client.post("/api/align", json={**asked, "heads": True}).json()["alignments"]
    assert np.allclose(np.array(told["heads"]), expected[0].weights, atol=1e-4)
    assert np.array(told["heads"]).shape == (2, 2, 4, 3)


def test_pairs_that_are_too_long_to_align(client):
    asked = {"pairs": [{"source": "a b " * 1000, "target": "x " * 1001}], **ASKED}
    answer = client.post("/api/align", json=asked)
    assert answer.status_code == 413
    assert "give sentence by sentence" in answer.json()["error"]


def test_a_stream(client, translator):
    whole = client.post("/api/translate", json={"text": TEXT, **ASKED}).json()
    answer = client.post("/api/stream", json={"text": TEXT, **ASKED})
    assert answer.headers["content-type"].startswith("text/event-stream")
    begin, *sentences, end = events(answer.text)
    count = len(whole["sentences"])
    assert begin == ("begin", {"sentences": count, "source": "en", "target": "fr"})
    assert end == ("end", {})
    assert sentences == [("sentence", one) for one in whole["sentences"]]


def test_a_long_stream_keeps_its_order(client, translator):
    lines = [f"The cat number {i} sat." for i in range(100)]
    answer = client.post("/api/stream", json={"text": "\n".join(lines), **ASKED})
    found = [data for name, data in events(answer.text) if name == "sentence"]
    assert [one["source"] for one in found] == lines
    assert [one["translations"][0]["text"] for one in found] == translator.translate(lines)


def test_a_stream_that_breaks_off_says_so(client, loaded, monkeypatch):
    monkeypatch.setattr(type(loaded[0].engine), "refusal", lambda self, options: "it")
    asked = {"text": "The cat.", "glossary": {"cat": "chat"}, **ASKED}
    *_, last = events(client.post("/api/stream", json=asked).text)
    assert last == ("error", {"error": "the engine torch cannot keep a glossary"})


@pytest.mark.parametrize("path", ["/api/translate", "/api/stream", "/api/score", "/api/align"])
def test_unknown_fields_and_directions(path, client):
    body = (
        {"text": "x"}
        if path in ("/api/translate", "/api/stream")
        else {"pairs": [{"source": "x", "target": "y"}]}
    )
    answer = client.post(path, json={**body, **ASKED, "colour": "red"})
    assert answer.json() == {"error": "colour: Extra inputs are not permitted"}
    answer = client.post(path, json={**body, "source": "en", "target": "de"})
    assert answer.status_code == 400
    assert answer.json() == {"error": "no model translates en -> de; there is: en -> fr, fr -> en"}


def test_requests_at_once_are_batched_and_each_gets_what_it_would_get_alone(serve):
    texts = [f"{i} {sentence}" for i in range(4) for sentence in SENTENCES]

    def ask(text: str) -> str:
        return client.post("/translate", json={"q": text, **ASKED}).json()["translatedText"]

    with serve(timeout=600) as client:
        alone = [ask(text) for text in texts]
    with serve(timeout=600, batch_window=500.0) as client:
        with ThreadPoolExecutor(len(texts)) as pool:
            found = list(pool.map(ask, texts))
        figures = client.get("/metrics").text
    assert found == alone
    count = float(re.search(r"^translator_batch_sentences_count (.+)$", figures, re.M)[1])
    total = float(re.search(r"^translator_batch_sentences_sum (.+)$", figures, re.M)[1])
    assert total == len(texts)
    assert count < total / 2, "requests that came together were not translated together"


# the rest


def test_figures(client):
    client.post("/translate", json={"q": TEXT, **ASKED})
    client.post("/translate", json={"q": "x", "source": "en", "target": "de"})
    lines = client.get("/metrics").text.splitlines()
    assert 'translator_sentences_total{source="en",target="fr"} 3.0' in lines
    characters = float(sum(map(len, SENTENCES)))
    assert f'translator_characters_total{{source="en",target="fr"}} {characters}' in lines
    assert 'translator_requests_total{path="/translate",status="200"} 1.0' in lines
    assert 'translator_refused_total{reason="direction"} 1.0' in lines
    assert "translator_waiting_sentences 0.0" in lines
    assert "translator_requests_in_work 1.0" in lines  # this one


def test_a_mistake_of_ours_tells_nothing(client, loaded, monkeypatch, capsys):
    def fail(*args: object, **options: object) -> None:
        raise RuntimeError("/secret/place is gone")

    monkeypatch.setattr(type(loaded[0].engine), "search", fail)
    answer = client.post("/api/translate", json={"text": "The cat.", **ASKED})
    assert answer.status_code == 500
    assert answer.json() == {"error": "internal error: the server's log tells more"}
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert "/secret/place is gone" in capsys.readouterr().err


def test_the_document_says_what_there_is(client):
    document = client.get("/openapi.json").json()
    assert set(document["paths"]) == {
        "/translate",
        "/detect",
        "/languages",
        "/frontend/settings",
        "/health",
        "/api/translate",
        "/api/stream",
        "/api/score",
        "/api/align",
        "/metrics",
    }
    for methods in document["paths"].values():
        for operation in methods.values():
            assert "422" not in operation["responses"]
            assert operation["responses"]["400"]["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/Problem"
            }
    assert client.get("/docs").text.count("<h2>") == len(document["paths"])


def test_pages_ask_nobody_else_for_anything(client):
    folder = Path(__file__).parents[2] / "translator" / "web" / "page"
    pages = [client.get("/"), client.get("/docs")]
    files = [
        client.get(f"/page/{path.name}") for path in folder.iterdir() if path.name != "docs.html"
    ]
    assert len(files) >= 7
    for answer in [*pages, *files]:
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
        for address in re.findall(r"(?:https?:)?//[\w.-]+", answer.text):
            assert address in ("http://www.w3.org", "http://localhost") or "/ " in address, address
    for page in pages:
        # what the policy forbids: it would not work
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page.text)
        assert not re.search(r"<style|<script(?![^>]*src=)", page.text)
    assert client.get("/page/docs.html").status_code == 404
    assert client.get("/page/..%2f..%2fconfig.py").status_code == 404


def test_with_keys_the_page_is_there_and_the_rest_is_not(serve):
    with serve(Access(keys=frozenset({"a key that nobody could guess"}))) as client:
        assert client.get("/").status_code == 200
        assert client.get("/frontend/settings").json()["keyRequired"] is True
        asked = {"q": "x", **ASKED}
        assert client.post("/translate", json=asked).status_code == 401
        asked["api_key"] = "a key that nobody could guess"
        assert client.post("/translate", json=asked).status_code == 200
        own = {"text": "x", **ASKED, "api_key": "a key that nobody could guess"}
        assert client.post("/api/translate", json=own).status_code == 200
