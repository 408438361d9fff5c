import json
import os

import pytest

from benchmarks import serving


@pytest.mark.slow
def test_each_client_checks_what_it_gets(benchmark, few, model, tmp_path):
    file = tmp_path / "found.json"
    options = [f"--model={model}", f"--sentences={few.split(',')[0]}", f"--json={file}"]
    printed = benchmark(serving, *options, "--limit=5", "--clients=4", "--seconds=1")
    facts = json.loads(file.read_text())
    one, many = facts["ways"].values()
    for found in (one, many):
        assert found["answers"] > 0
        assert found["wrong"] == []
        waited = list(found["waited"].values())
        assert waited == sorted(waited)
    assert all(value > 2**20 for value in facts["memory"])
    assert "5 different sentences" in printed


def test_a_wrong_answer_is_counted(monkeypatch):
    class Answer:
        status = 200

        def read(self) -> bytes:
            return b'{"translatedText": "b"}'

    class Connection:
        def __init__(self, *args: object, **options: object) -> None:
            pass

        def request(self, *args: object) -> None:
            pass

        def getresponse(self) -> Answer:
            return Answer()

        def close(self) -> None:
            pass

    monkeypatch.setattr(serving.http.client, "HTTPConnection", Connection)
    monkeypatch.setattr(serving.time, "monotonic", iter([0.0, 0.0, 0.0, 9.0]).__next__)
    found = serving.ask(1, ["en", "fr"], ["a"], ["b"], clients=1, seconds=5)
    assert (found["answers"], found["wrong"]) == (2, [])
    monkeypatch.setattr(serving.time, "monotonic", iter([0.0, 0.0, 9.0]).__next__)
    found = serving.ask(1, ["en", "fr"], ["a"], ["c"], clients=1, seconds=5)
    assert len(found["wrong"]) == 1


def test_resident_memory_is_that_of_a_process():
    assert serving.resident(os.getpid()) > 2**20
