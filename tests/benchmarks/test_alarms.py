import json

from benchmarks import alarms


def test_references_and_damage_are_judged_by_their_form(benchmark, few, model, tmp_path):
    file = tmp_path / "found.json"
    options = [f"--model={model}", f"--data={few}", f"--json={file}", "--limit=8", "--beam=1"]
    printed = benchmark(alarms, *options)
    sounds = json.loads(file.read_text())["sounds"]
    assert list(sounds)[:3] == ["translations", "references", "looped"]
    # a random model believes in nothing, not in the references either
    assert sounds["translations"]["low confidence"] == 8
    assert sounds["references"] == {"any": 0, alarms.JUDGED: 8}
    assert sounds["copied"]["any"] == sounds["copied"]["copied source"] == 8
    assert f"| {alarms.JUDGED} |" in printed.splitlines()[0]
