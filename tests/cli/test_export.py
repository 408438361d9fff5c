from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

pytest.importorskip("ctranslate2", reason="the export needs CTranslate2")

LINES = "The cat sat on the mat.\n\nA bird sings in the garden.\n"


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "lines.en"
    path.write_text(LINES)
    return path


@pytest.mark.parametrize("quantization", [None, "int8"])
def test_a_model_for_ctranslate2(fast, model, tmp_path, lines, quantization):
    out = tmp_path / "out"
    options = ["--quantization", quantization] if quantization else []
    options += ["--verify", "--input", lines]
    done = fast("export", "--model", model, "--to", "ctranslate2", "--out", out, *options)
    assert done.exit_code == 0, done.stderr
    assert done.stderr == f"wrote {out}\n"
    weights, tokens, translations, *_ = done.stdout.splitlines()
    assert weights == f"weights: {quantization or 'float32'}"
    assert tokens.startswith("log probabilities of tokens: they differ by ")
    assert translations.startswith("translations: 0 of ")
    assert (out / "model.bin").is_file()
    other = ["--verify", "--input", lines, "--quantization", "bfloat16"]
    done = fast("export", "--model", model, "--to", "ctranslate2", "--out", out, *other)
    assert done.exit_code == 2
    assert "weights, and --quantization bfloat16 was asked for" in done.stderr


def test_a_place_that_cannot_be_written_to(fast, model, tmp_path, monkeypatch):
    def refuse(*, prefix: str, dir: Path) -> str:  # noqa: A002 - as it is called
        raise OSError(errno.EROFS, "Read-only file system", f"{dir}/{prefix}a1")

    monkeypatch.setattr("translator.run_directory.tempfile.mkdtemp", refuse)
    done = fast("export", "--model", model, "--to", "ctranslate2", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error: {tmp_path / 'out'}: Read-only file system\n")


def test_a_model_for_hugging_face_and_what_differs(fast, model, tmp_path, lines):
    pytest.importorskip("transformers", reason="the export needs transformers")
    out = tmp_path / "out"
    command = ["export", "--model", model, "--to", "huggingface", "--out", out]
    command += ["--verify", "--input", lines]
    done = fast(*command)
    assert done.exit_code == 0, done.stdout + done.stderr
    assert done.stdout.startswith("tokens: 0 of 2 differ\ntranslations: 0 of ")
    assert "\nlogits: they differ by " in done.stdout
    # what lies there is compared, and not written again
    config = json.loads((out / "config.json").read_text())
    (out / "config.json").write_text(json.dumps({**config, "scale_embedding": False}))
    done = fast(*command)
    assert done.exit_code == 1
    assert "DIFFERENT logits" in done.stdout
    assert "wrote" not in done.stderr


def test_one_direction_of_a_model_for_both(fast, model_for_both, tmp_path):
    pytest.importorskip("tokenizers", reason="the export needs tokenizers")
    out = tmp_path / "out"
    done = fast(
        "export", "-m", model_for_both, "--to", "huggingface", "--source", "fr", "--out", out
    )
    assert done.exit_code == 0, done.stderr
    assert "# French to English" in (out / "README.md").read_text()


@pytest.mark.parametrize("quantization", [None, "float16"])
def test_a_model_to_give_away(fast, model_for_both, tmp_path, lines, quantization):
    out = tmp_path / "out"
    options = ["--quantization", quantization] if quantization else []
    options += ["--verify", "--input", lines]
    done = fast("export", "-m", model_for_both, "--to", "translator", "--out", out, *options)
    assert done.exit_code == 0, done.stdout + done.stderr
    assert done.stderr == f"wrote {out}\n"
    weights, tokens, translations, *_ = done.stdout.splitlines()
    assert weights == f"weights: {quantization or 'float32'}"
    assert tokens.startswith("log probabilities of tokens: they differ by ")
    assert translations.startswith("translations: 0 of ")
    done = fast("translate", "--model", out, "--source", "fr", "Où va la rivière ?")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.count("\n") == 1


def test_a_copy_that_was_changed_differs(fast, model, tmp_path, lines):
    out = tmp_path / "out"
    change = ["--to", "translator", "--out", out]
    assert fast("export", "--model", model, *change).exit_code == 0
    weights = out / "model.safetensors"
    state = load_file(weights)
    state["embedding.weight"] = state["embedding.weight"].flip(1).contiguous()
    save_file(state, weights)
    done = fast("export", "--model", model, *change, "--verify", "--input", lines)
    assert done.exit_code == 1
    assert "DIFFERENT log probabilities of tokens" in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--to", "onnx"], "onnx"),
        (["--to", "huggingface", "--quantization", "int8"], "--to ctranslate2 and --to translator"),
        (["--to", "translator", "--quantization", "int8"], "are float32 or float16"),
        (["--to", "ctranslate2", "--input", "x"], "--input is for --verify only"),
        (["--to", "ctranslate2", "--target", "de"], "--target de was asked for"),
        (["--to", "ctranslate2", "--verify", "--input", "none"], "there is no such file"),
        (["--to", "ctranslate2", "--verify"], "Name sentences with --input."),
    ],
)
def test_what_is_wrong_is_told(fast, model, tmp_path, options, message):
    done = fast("export", "--model", model, "--out", tmp_path / "out", *options)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_nothing_is_overwritten(fast, model, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    done = fast("export", "--model", model, "--to", "ctranslate2", "--out", out)
    assert done.exit_code == 2
    assert "is there already" in done.stderr
    done = fast("export", "--model", model, "--to", "ctranslate2", "--out", out, "--verify")
    assert done.exit_code == 2
    assert "model.bin is missing" in done.stderr
    assert not list(out.iterdir())


def test_the_engine_is_an_option(fast, model):
    texts = ["The cat sat on the mat.", "A bird sings in the garden."]
    answers = {}
    for engine in ("torch", "ctranslate2", "auto"):
        done = fast("translate", "--model", model, "--engine", engine, *texts)
        assert done.exit_code == 0, done.stderr
        answers[engine] = done.stdout
    assert answers["auto"] == answers["ctranslate2"]
    assert len(answers["torch"].splitlines()) == len(answers["auto"].splitlines()) == 2


def test_evaluate_says_which_engine_it_was(fast, model, tmp_path):
    data = tmp_path / "test.tsv"
    data.write_text("The cat.\tLe chat.\n")
    for engine in ("torch", "ctranslate2"):
        done = fast("evaluate", "-m", model, "--data", data, "--engine", engine, "--json")
        assert done.exit_code == 0, done.stderr
        assert json.loads(done.stdout)["engine"] == engine


def test_translate_loads_no_torch(model):
    code = (
        "import sys\n"
        "from translator.cli.app import main\n"
        f"sys.argv = ['translator', 'translate', '--model', {str(model)!r}, 'The cat.']\n"
        "try: main()\n"
        "finally: assert not {'torch', 'pyarrow', 'datasets', 'sacrebleu'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.count(b"\n") == 1
