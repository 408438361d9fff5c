"""What `translator serve` gives to many clients at once: waiting times, sentences a second, memory.

The server is a process of its own, and so are the clients. Each client has a connection of its own,
asks for one sentence after the other, and compares each answer with what the translator gives for
that sentence alone. Once more with one client: one request at a time.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.common import (
    MEGABYTE,
    ROOT,
    BenchmarkError,
    in_own_process,
    machine_line,
    markdown_table,
    parser,
    positive,
    report,
    run,
)

SENTENCES = ROOT / "data" / "sample" / "test.tsv"
_SHARES = (0.5, 0.95, 0.99)
_STEP = 5.0
"""Seconds between two looks at the server's memory."""


def alone(model: str, texts: list[str], settings: list[str]) -> list[str]:
    """Return what the command line gives for these sentences."""
    from translator.config import load_config
    from translator.decoding.alarms import checked
    from translator.decoding.translator import Translator
    from translator.run_directory import RunDirectory

    config = load_config(str(RunDirectory(model).config_file), settings)
    translator = Translator.load(model, decoding=config.decoding)
    found = checked(translator, texts, retry=config.decoding.retry)
    return [one.translation.text for one in found]


@contextmanager
def server(model: str, settings: list[str], clients: int) -> Iterator[tuple[int, int]]:
    """Start the server; give its process id and its port."""
    asked = [
        f"web.max_requests={2 * clients}",
        f"web.max_connections={4 * clients + 16}",
        *settings,
    ]
    command = [sys.executable, "-m", "translator", "serve", "--model", model, "--port", "0"]
    command += [word for one in asked for word in ("--set", one)]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert process.stderr is not None
    rest = threading.Thread(target=process.stderr.read)
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                break
        else:
            raise BenchmarkError(f"the server did not start: {''.join(said)}")
        rest.start()
        yield process.pid, int(found[1])
    finally:
        process.terminate()
        process.wait(timeout=120)
        if rest.ident is not None:
            rest.join()
        process.stderr.close()


def ask(
    port: int,
    direction: list[str],
    texts: list[str],
    expected: list[str],
    clients: int,
    seconds: int,
) -> dict[str, Any]:
    """Be the clients, for so many seconds; return waiting times and what went wrong."""
    until = time.monotonic() + seconds
    waited: list[list[float]] = [[] for _ in range(clients)]
    wrong: list[str] = []

    def client(number: int) -> None:
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < until:
            i = chance.randrange(len(texts))
            body = json.dumps({"q": texts[i], "source": direction[0], "target": direction[1]})
            start = time.perf_counter()
            try:
                connection.request("POST", "/translate", body, {"content-type": "application/json"})
                answer = connection.getresponse()
                value = json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError) as error:
                wrong.append(f"{type(error).__name__}: {error}")
                connection.close()
                continue
            waited[number].append(time.perf_counter() - start)
            if answer.status != 200:
                wrong.append(f"status {answer.status}: {value}")
            elif value != {"translatedText": expected[i]}:
                wrong.append(f"{texts[i]} -> {value}, and alone {expected[i]}")
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - start
    times = sorted(one for own in waited for one in own)
    if not times:
        raise BenchmarkError(f"nothing was answered: {wrong[:3]}")
    return {
        "clients": clients,
        "answers": len(times),
        "per_second": len(times) / spent,
        "waited": {str(share): times[int(share * (len(times) - 1))] for share in _SHARES},
        "wrong": wrong,
    }


def resident(process: int) -> int:
    """Return the resident memory of a process, in bytes."""
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    assert found
    return 1024 * int(found[1])


def measure(
    model: str, texts: list[str], settings: list[str], clients: int, seconds: int
) -> dict[str, Any]:
    """Measure one client, then many, on one server."""
    from translator.run_directory import RunDirectory

    direction = list(RunDirectory(model).read_directions()[0])
    decoding = [one for one in settings if not one.startswith("web.")]
    expected, _ = in_own_process(alone, model=model, texts=texts, settings=decoding)
    ways, memory = {}, []
    with server(model, settings, clients) as (process, port):
        ask(port, direction, texts, expected, 1, 2)  # what is loaded late is loaded now
        done = threading.Event()

        def watch() -> None:
            while not done.wait(_STEP):
                memory.append(resident(process))

        watcher = threading.Thread(target=watch)
        memory.append(resident(process))
        watcher.start()
        try:
            for way, number in (("one at a time", 1), (f"{clients} clients", clients)):
                ways[way], _ = in_own_process(
                    ask,
                    port=port,
                    direction=direction,
                    texts=texts,
                    expected=expected,
                    clients=number,
                    seconds=seconds,
                )
        finally:
            done.set()
            watcher.join()
        memory.append(resident(process))
    return {"seconds": seconds, "sentences": len(texts), "ways": ways, "memory": memory}


def table(facts: dict[str, Any]) -> str:
    """Return a line for each number of clients."""
    rows = [
        [
            way,
            f"{found['per_second']:,.0f}",
            *(f"{1000 * found['waited'][str(share)]:,.0f}" for share in _SHARES),
            f"{found['answers']:,}",
            f"{len(found['wrong']):,}",
        ]
        for way, found in facts["ways"].items()
    ]
    header = ["", "sentences/s", "p50, ms", "p95, ms", "p99, ms", "answers", "wrong or failed"]
    return markdown_table(header, rows)


def notes(facts: dict[str, Any]) -> list[str]:
    """Say how much the server's memory grew, and what was wrong."""
    memory = [value / MEGABYTE for value in facts["memory"]]
    middle = memory[len(memory) // 2]
    one, many = facts["ways"].values()
    lines = [
        f"{facts['seconds']} seconds each; {facts['sentences']:,} different sentences.",
        f"Many at once: {many['per_second'] / one['per_second']:.1f} times the sentences a second.",
        f"Memory of the server: {memory[0]:,.0f} MiB at first, {middle:,.0f} in the middle, "
        f"{memory[-1]:,.0f} in the end.",
    ]
    lines += [text for found in facts["ways"].values() for text in found["wrong"][:5]]
    return [*lines, machine_line("ctranslate2", "fastapi", "uvicorn")]


def main() -> None:
    """Print the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--model", "-m", required=True, metavar="RUN")
    arguments.add_argument(
        "--sentences",
        type=Path,
        default=SENTENCES,
        metavar="FILE",
        help="a sentence on each line, before the first tab",
    )
    arguments.add_argument("--limit", type=positive, default=1000, metavar="N")
    arguments.add_argument("--clients", type=positive, default=64)
    arguments.add_argument("--seconds", type=positive, default=60)
    arguments.add_argument(
        "--set", action="append", default=[], metavar="SECTION.OPTION=VALUE", dest="settings"
    )
    options = arguments.parse_args()
    lines = options.sentences.read_text(encoding="utf-8").splitlines()
    texts = [line.partition("\t")[0] for line in lines if line.strip()][: options.limit]
    facts = measure(options.model, texts, options.settings, options.clients, options.seconds)
    report(table(facts), notes(facts), facts, options.json)


if __name__ == "__main__":
    run(main)
