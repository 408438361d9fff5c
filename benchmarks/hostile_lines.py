"""Lines that no translator expects: N in, N out, no crash, bounded memory.

Twenty thousand lines of every script of Unicode, control characters, private use, lone surrogates,
broken UTF-8, marks of bytes and directions, and some of 100,000 characters go through
`translator translate` in a process of its own.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from benchmarks.common import MEGABYTE, ROOT, BenchmarkError, parser, positive, run
from translator.corpora.lines import read_lines

LONG = 100_000
_CONTROLS = [chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if code != 0x0A]
_FORMATS = list("\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2028\u2029\u2060\u2066\ufeff\ufff9")
_RAW = [
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xf4\x90\x80\x80",
    b"\xe2\x82",
    b"\xf8\x88\x80\x80\x80",
    b"\x80",
    b"\xef\xbb\xbf",
    b"\xef\xbf\xbe",
    b"\xf0\x9f\x98",
]


def scripts() -> list[str]:
    """Return some letters of each block of 128 characters that has any."""
    found = []
    for start in range(0x20, 0x32000, 0x80):
        letters = [
            chr(code)
            for code in range(start, start + 0x80)
            if unicodedata.category(chr(code))[0] in "LMNS"
        ]
        if letters:
            found.append("".join(letters))
    return found


def hostile_lines(count: int, seed: int, *, long: int = LONG, longest: int = 60) -> Iterator[bytes]:
    """Yield lines without their ends; every thousandth has `long` characters."""
    chance = random.Random(seed)
    blocks = scripts()
    for number in range(count):
        if number % 1000 == 999:
            yield _long_line(chance, blocks, long)
            continue
        kind = chance.randrange(8)
        size = chance.randint(0, longest)
        if kind == 0:
            text = "".join(chance.choices(_CONTROLS + _FORMATS, k=size))
        elif kind == 1:
            text = "".join(chr(chance.randrange(0xE000, 0xF900)) for _ in range(size))
        elif kind == 2:
            text = "".join(chr(_any_character(chance)) for _ in range(size))
        elif kind == 3:
            words = [b"the", b"cat", b" ", *chance.sample(_RAW, 3)]
            yield b"".join(chance.choices(words, k=size))
            continue
        elif kind == 4:
            text = chance.choice(["\ud800", "\udfff", "\udc80"]) * chance.randint(1, 3) + "a"
        elif kind == 5:
            text = chance.choice(
                ["", " ", "\t", "\u3000", "\r", "\0", "...", "-" * size, "1" * size]
            )
        else:
            words = ["".join(chance.choices(chance.choice(blocks), k=5)) for _ in range(size // 6)]
            text = " ".join(words)
        yield text.replace("\n", "").encode("utf-8", "surrogatepass")


def _long_line(chance: random.Random, blocks: list[str], long: int) -> bytes:
    kind = chance.randrange(4)
    if kind == 0:
        return b"x" * long
    if kind == 1:
        return b"the old cat, " * (long // 13)
    if kind == 2:
        return ("\u200b" * long).encode()
    return "".join(chance.choices(chance.choice(blocks), k=long)).encode("utf-8", "surrogatepass")


def _any_character(chance: random.Random) -> int:
    code = chance.randrange(0x110000)
    return 0x20 if 0xD800 <= code < 0xE000 or code == 0x0A else code


def moved_blanks(source: Path, result: Path) -> list[int]:
    """Return the numbers of blank lines that have not come out as they are, in their places."""
    with source.open("rb") as before, result.open("rb") as after:
        pairs = zip(read_lines(before), read_lines(after), strict=True)
        return [line.number for line, found in pairs if not line.text.strip() and line != found]


def main() -> None:
    """Translate the lines, and say what it took."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--model", required=True, metavar="RUN")
    arguments.add_argument("--lines", type=positive, default=20_000)
    arguments.add_argument("--long", type=positive, default=LONG, help="characters of long lines")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--check", action="store_true", help="exit with 1 if the peak memory is above the ceiling"
    )
    arguments.add_argument("--ceiling", type=positive, default=1500, metavar="MIB")
    arguments.add_argument("--set", action="append", default=[], metavar="SECTION.OPTION=VALUE")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.txt"
        with source.open("wb") as file:
            for line in hostile_lines(options.lines, options.seed, long=options.long):
                file.write(line + b"\n")
        settings = [text for value in options.set for text in ("--set", value)]
        result = Path(folder) / "out.txt"
        code = (
            "import sys\nfrom translator.cli.app import main\n"
            "from translator.memory import peak_memory\n"
            "try: main()\nfinally: sys.stderr.write(f'\\npeak {peak_memory()}')"
        )
        began = time.monotonic()
        with result.open("wb") as file:
            done = subprocess.run(
                [
                    sys.executable,
                    "-c",
                    code,
                    "translate",
                    "--model",
                    options.model,
                    "--beam",
                    "1",
                    "--input",
                    str(source),
                    *settings,
                ],
                stdout=file,
                stderr=subprocess.PIPE,
                cwd=ROOT,
                check=False,
            )
        told = done.stderr.decode(errors="replace")
        if done.returncode or "Traceback" in told:
            raise BenchmarkError(f"it ended with exit code {done.returncode}:\n{told[-3000:]}")
        lines = result.read_bytes().count(b"\n")
        if lines != options.lines:
            raise BenchmarkError(f"{options.lines:,} lines went in, and {lines:,} came out")
        if moved := moved_blanks(source, result):
            raise BenchmarkError(f"blank lines are not in their places: {moved[:20]}")
        peak = int(told.rpartition("peak ")[2]) / MEGABYTE
        print(
            f"{lines:,} lines in and out in {time.monotonic() - began:,.0f} s, "
            f"peak memory {peak:,.0f} MiB"
        )
        if options.check and peak > options.ceiling:
            print(f"more than {options.ceiling:,} MiB", file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    run(main)
