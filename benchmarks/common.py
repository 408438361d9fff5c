"""What the benchmarks share: a process for each measurement, tables, and the machine's name."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from translator.memory import peak_memory

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 2**20


class BenchmarkError(Exception):
    """A measurement that cannot be made, and why."""


def in_own_process(function: Callable[..., Any], **arguments: Any) -> tuple[Any, int]:
    """Call a function of a benchmark in a new process; return its result and the peak memory.

    The allocator's settings, loaded libraries and warm caches belong to a process, so contenders
    must not share one.

    Args:
        function: defined at the top of a module of this package; returns what JSON can hold.
        arguments: what JSON can hold.

    Raises:
        BenchmarkError: the process failed; its own message is on stderr.
    """
    module = function.__module__
    if module == "__main__":
        module = sys.modules["__main__"].__spec__.name  # type: ignore[union-attr] # run with -m
    command = [sys.executable, "-m", "benchmarks.common", module, function.__name__]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command,
        input=json.dumps(arguments),
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(
            f"{function.__name__} ended with exit code {done.returncode}; its message is above"
        )
    reply = json.loads(done.stdout.splitlines()[-1])
    return reply["result"], reply["peak_bytes"]


def command_line(*arguments: str, fine: Sequence[int] = (0,)) -> str:
    """Run the command line in a process of its own and return what it prints.

    Args:
        arguments: of the command line.
        fine: exit codes that are no failure.

    Raises:
        BenchmarkError: it ended with another exit code.
    """
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "translator", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in fine:
        raise BenchmarkError(f"translator {arguments[0]}: {done.stderr[-1000:]}")
    print(done.stderr[-300:], file=sys.stderr)
    return done.stdout


def answer() -> None:
    """Be the process that `in_own_process` starts."""
    module, name = sys.argv[1:]
    function = getattr(importlib.import_module(module), name)
    reply = sys.stdout
    sys.stdout = sys.stderr  # what libraries print is no part of the reply
    result = function(**json.load(sys.stdin))
    print(json.dumps({"result": result, "peak_bytes": peak_memory()}), file=reply, flush=True)


class Stopwatch:
    """Adds up the time spent in functions, by replacing them where their callers find them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running: list[str] = []

    def watch(self, owner: Any, attribute: str, part: str) -> None:
        """Count the time in ``owner.attribute`` as `part`; what it calls itself counts once."""
        function = getattr(owner, attribute)

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.counting(part):
                return function(*args, **kwargs)

        setattr(owner, attribute, timed)

    @contextmanager
    def counting(self, part: str) -> Iterator[None]:
        """Count the time of the block as `part`, unless a watched function is running already."""
        outermost = not self._running
        self._running.append(part)
        start = time.perf_counter()
        try:
            yield
        finally:
            self._running.pop()
            if outermost:
                spent = time.perf_counter() - start
                self.seconds[part] = self.seconds.get(part, 0.0) + spent


def machine_line(*packages: str) -> str:
    """Return processor, cores, memory, versions and date in one line."""
    import torch

    versions = [f"Python {platform.python_version()}"]
    for package in ("torch", *packages):
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"{package} not installed")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    formats = ", ".join(filter(None, [torch.backends.cpu.get_cpu_capability(), _matrix_units()]))
    return (
        f"Machine: {processor()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads used, "
        f"{formats}, {memory:.0f} GiB; {', '.join(versions)}; "
        f"{datetime.now(UTC).date().isoformat()}"
    )


def processor() -> str:
    """Return the name of the CPU, with the numbers that tell apart those of one name."""
    fields: dict[str, str] = {}
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            name, _, value = line.partition(":")
            fields.setdefault(name.strip(), value.strip())
    except OSError:
        pass
    name = fields.get("model name") or platform.processor() or platform.machine()
    numbers = [f"{k} {fields[k]}" for k in ("cpu family", "model", "stepping") if k in fields]
    return f"{name} ({', '.join(numbers)})" if numbers else name


def _matrix_units() -> str:
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return ""
    return " ".join(flag for flag in ("avx512_bf16", "amx_bf16") if flag in flags)


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, first column to the left and the others to the right."""
    table = [list(header), *map(list, rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        padded = [cells[0].ljust(widths[0])]
        padded += [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        return "| " + " | ".join(padded) + " |"

    rule = ["-" * widths[0], *["-" * (width - 1) + ":" for width in widths[1:]]]
    return "\n".join([line(header), line(rule), *map(line, table[1:])])


def ratio_to(values: Sequence[float], first: Sequence[float]) -> float:
    """Return the median over the rounds of `values` divided by `first`.

    Contenders of one round run one after the other, so what slows the machine for minutes slows
    both and leaves their ratio.
    """
    return median(value / other for value, other in zip(values, first, strict=True))


def report(
    table: str, notes: Sequence[str], results: dict[str, Any], json_file: Path | None
) -> None:
    """Print a table with its notes, and write the figures behind it if a file is named."""
    print("\n".join([table, "", *notes]))
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps({**results, "notes": list(notes)}, indent=2) + "\n")


def require_transformers(why: str) -> None:
    """Raise a `BenchmarkError` unless Hugging Face transformers is installed."""
    if importlib.util.find_spec("transformers") is None:
        raise BenchmarkError(f"{why} needs Hugging Face transformers: pip install transformers")


@contextmanager
def folder(named: Path | None, *, inside: Path | None = None) -> Iterator[Path]:
    """Give the named folder, or a temporary one (in `inside`) that is removed at the end."""
    if named is not None:
        named.mkdir(parents=True, exist_ok=True)
        yield named.resolve()
        return
    with TemporaryDirectory(prefix="translator-benchmark-", dir=inside) as path:
        yield Path(path)


def parser(description: str) -> argparse.ArgumentParser:
    """Return a parser with the option that all benchmarks have."""
    made = argparse.ArgumentParser(
        description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    made.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    return made


def positive(text: str) -> int:
    """Read a whole number of at least 1 (an argparse type)."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return number


def run(main: Callable[[], None]) -> None:
    """Run a benchmark; what the user can mend is told without a traceback, with exit code 2."""
    from benchmarks import common
    from translator.errors import TranslatorError

    try:
        main()
    except (common.BenchmarkError, TranslatorError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run(answer)
