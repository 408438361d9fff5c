from __future__ import annotations

import json
import re
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from fastapi.testclient import TestClient
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence

from translator import Translator
from translator.config import Config, DecodingConfig, ModelConfig, TokenizerConfig, WebConfig
from translator.decoding.alarms import checked
from translator.model.transformer import Transformer
from translator.run_directory import RunDirectory, write_atomically
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, Tokenizer
from translator.web.app import create_app
from translator.web.guard import Access
from translator.web.metrics import Metrics
from translator.web.models import Models, in_all_directions

PAIRS = [
    ("The cat sat on the mat.", "Le chat s'est assis sur le tapis."),
    ("A bird sings!", "Un oiseau chante !"),
    ("We eat bread.", "Nous mangeons du pain."),
    ("The small house is green.", "La petite maison est verte."),
    ("Where does the river go?", "Où va la rivière ?"),
    ("She reads an old book in the garden.", "Elle lit un vieux livre dans le jardin."),
]


def write_run(path: Path, *, turned: bool = False) -> Path:
    """Write a run that knows `PAIRS` by heart, in both directions; for all else it finds something.

    Args:
        path: the run directory.
        turned: each sentence has the translation of the next one.
    """
    from translator.model.weights import save_weights
    from translator.tokenizer import learn_vocabulary

    config = Config(
        tokenizer=TokenizerConfig(vocab_size=330),
        model=ModelConfig(
            d_model=32, ffn_dim=64, attention_heads=2, encoder_layers=1, decoder_layers=2, dropout=0
        ),
        decoding=DecodingConfig(beam=3, device="cpu", engine="torch", retry=False),
    )
    targets = [b for _, b in PAIRS]
    if turned:
        targets = [*targets[1:], targets[0]]
    pairs = [(a, b) for (a, _), b in zip(PAIRS, targets, strict=True)]
    tokenizer = learn_vocabulary([text for pair in pairs for text in pair], config.tokenizer, _BOTH)
    run = RunDirectory(path)
    run.path.mkdir(parents=True, exist_ok=True)
    run.write_config(config)
    write_atomically(run.tokenizer_file, tokenizer.model)
    save_weights(run.weights_file, learned(config.model, tokenizer, pairs))
    run.write_manifest({"source": "en", "target": "fr", "bidirectional": True})
    return path


_BOTH = ["en", "fr"]


def learned(
    shape: ModelConfig, tokenizer: Tokenizer, pairs: list[tuple[str, str]]
) -> dict[str, Tensor]:
    """Return weights that know the pairs by heart."""
    torch.manual_seed(3)
    model = Transformer(shape, len(tokenizer), PAD_ID)
    both = [(a, b, "fr") for a, b in pairs] + [(b, a, "en") for a, b in pairs]
    sources = [[*tokenizer.tag(tag), *tokenizer.encode([a])[0], EOS_ID] for a, _, tag in both]
    targets = [[BOS_ID, *tokenizer.encode([b])[0], EOS_ID] for _, b, _ in both]
    rows = [
        pad_sequence([torch.tensor(row) for row in side], True, PAD_ID)
        for side in (sources, targets)
    ]
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(120):
        logits = model(rows[0], rows[1][:, :-1])
        loss = cross_entropy(logits.transpose(1, 2), rows[1][:, 1:], ignore_index=PAD_ID)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.state_dict()


@pytest.fixture(scope="session")
def new_run() -> Callable[..., Path]:
    """See `write_run`."""
    return write_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("web") / "en-fr")


@pytest.fixture(scope="session")
def translator(run: Path) -> Translator:
    """What the server must agree with."""
    return Translator.load(run)


@pytest.fixture(scope="session")
def doubtful(translator: Translator) -> str:
    """A text whose translation raises alarms."""
    texts = ["x" * 150, "Qqq zzz, xxx www vvv.", "river " * 20, "\u4e2d\u6587 " * 9, "5 " * 60]
    found = checked(translator, texts, retry=False)
    return next(one.source for one in found if one.alarms)


def load(path: Path) -> list[Translator]:
    run = RunDirectory(path)
    return in_all_directions(run, run.read_config().decoding)


@pytest.fixture(scope="session")
def loaded(run: Path) -> list[Translator]:
    return load(run)


@pytest.fixture
def serve(run: Path, loaded: list[Translator]) -> Callable[..., TestClient]:
    """Return a client of an application of its own."""

    def make(access: Access | None = None, **options: object) -> TestClient:
        web, figures = WebConfig(**options), Metrics()
        models = Models([run], lambda path: loaded, web, figures.batches.observe)
        app = create_app(models, web, access or Access(), figures)
        return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)

    return make


@pytest.fixture
def client(serve: Callable[..., TestClient]) -> Iterator[TestClient]:
    with serve() as one:
        yield one


class Server:
    """`translator serve` in a process of its own, and what it says on stderr."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        found = re.search(r"http://([^:]+):(\d+)/", self.wait_for("http://"))
        assert found
        self.host, self.port = found[1], int(found[2])
        self.address = f"http://{self.host}:{self.port}"

    def _read(self) -> None:
        for line in self.process.stderr:
            with self._changed:
                self.lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self.lines.append("the end")
            self._changed.notify_all()

    def wait_for(self, text: str) -> str:
        """Return the first line with this text, which may still have to come."""

        def there() -> str | None:
            return next((line for line in self.lines if text in line or line == "the end"), None)

        with self._changed:
            line = self._changed.wait_for(there, timeout=60)
        assert line, f"{text!r} never came: {self.lines}"
        assert text in line, self.lines
        return line

    def post(self, path: str, **body: object) -> dict[str, object]:
        request = urllib.request.Request(
            f"{self.address}{path}",
            json.dumps(body).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def translate(self, text: str) -> str:
        return str(self.post("/translate", q=text, source="en", target="fr")["translatedText"])


@pytest.fixture
def started(
    start_translator: Callable[..., subprocess.Popen[str]], run: Path
) -> Callable[..., Server]:
    """Start the real command on a port that is free, unless another is named."""

    def start(*args: object, model: Path = run, port: int = 0) -> Server:
        return Server(start_translator("serve", "--model", model, "--port", port, *args))

    return start
