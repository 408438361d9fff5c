from translator.training.run import _pinned


def test_a_resumed_run_reads_the_revision_it_has_learned_from() -> None:
    manifest = {
        "train": ["a.tsv", "hf:x/y:train[:9]@2", "hf:z"],
        "dev": "hf:x:validation",
        "data": {
            "train": [{"spec": "a.tsv"}, {"revision": "abc"}, {"spec": "hf:z"}],
            "dev": {"revision": "def"},
        },
    }
    assert _pinned(manifest) == {
        "train": ("a.tsv", "hf:x/y:train[:9]#abc@2", "hf:z"),
        "dev": "hf:x:validation#def",
    }


def test_manifests_of_other_runs() -> None:
    for data in (None, {}, {"train": []}, {"train": [{}], "dev": {"held_out": 3}}):
        manifest = {"train": ["hf:x"], "dev": None, "data": data}
        assert _pinned(manifest) == {"train": ("hf:x",), "dev": None}
