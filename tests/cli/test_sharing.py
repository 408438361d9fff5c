"""Several processes that translate one file together, started by torchrun."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
TEXT = b"".join(b"cat %d\n" % (i % 50) if i % 5 else b"\n" for i in range(400)) + b"\xff end"


@pytest.fixture
def torchrun(model, warm_python):
    started = []

    def run(*arguments, code=None):
        program = ["--no-python", warm_python, "-c", code] if code else ["-m", "translator"]
        process = subprocess.Popen(
            [warm_python, *PROGRAM, *program, "translate", "-m", str(model), *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.terminate()
        process.communicate()


SMALL_CHUNKS = """
import os, signal, time
from translator.cli import partial, stream
from translator.cli.app import main
stream.chunks.__defaults__ = (16, 16, *stream.chunks.__defaults__[2:])
calls = 0
"""

# it dies while it translates its second chunk, and the one that writes leaves it so many
THE_OTHER_DIES = f"""{SMALL_CHUNKS}
real = stream.Work.translate
def translate(self, chunk, advance):
    global calls
    calls += 1
    if os.environ["RANK"] == "1" and calls == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    if os.environ["RANK"] == "0" and calls == 3:
        time.sleep(100)
    return real(self, chunk, advance)
stream.Work.translate = translate
main()
"""

# it dies with its second result in hand
THE_WRITER_DIES = f"""{SMALL_CHUNKS}
real = partial.PartialOutput.keep
def keep(self, *results, **more):
    global calls
    calls += 1
    if calls == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, *results, **more)
partial.PartialOutput.keep = keep
main()
"""


@pytest.mark.slow
def test_they_make_the_file_that_one_makes(torchrun, fast, model):
    Path("in.txt").write_bytes(TEXT)
    alone = fast("translate", "-m", model, "--beam", "1", "--input", "in.txt")
    arguments = ["--beam", "1", "--input", "in.txt", "--output", "out.txt"]
    process = torchrun(*arguments, code=THE_OTHER_DIES)
    _, told = process.communicate(timeout=200)
    assert process.returncode != 0
    assert b"another process has ended, or all were told to; " in told
    assert b" lines of in.txt were translated" in told
    assert not Path("out.txt").exists()
    process = torchrun(*arguments, code=THE_WRITER_DIES)
    _, told = process.communicate(timeout=200)
    assert process.returncode != 0
    assert not Path("out.txt").exists()
    process = torchrun(*arguments)
    out, told = process.communicate(timeout=200)
    assert process.returncode == 0, told
    assert b"out.txt: going on after line " in told
    assert out == b""
    assert Path("out.txt").read_bytes() == alone.stdout_bytes
    assert told.count(b"in.txt:401: invalid UTF-8 at byte 1") == 1
    assert not Path("out.txt.partial").exists()


def test_they_need_a_file(fast, model, monkeypatch):
    for name, value in {
        "WORLD_SIZE": "2",
        "RANK": "0",
        "LOCAL_RANK": "0",
        "MASTER_ADDR": "localhost",
        "MASTER_PORT": "1",
    }.items():
        monkeypatch.setenv(name, value)
    result = fast("translate", "-m", model, "The cat.")
    assert result.exit_code == 2
    assert "Name it with --input" in result.stderr
    monkeypatch.delenv("RANK")
    result = fast("translate", "-m", model, "The cat.")
    assert result.exit_code == 2
    assert "RANK missing" in result.stderr
