"""Reading of large files of every format: pairs a second, and memory that does not grow with them.

Files of made-up pairs, some small and some large, are written to a temporary folder and read to
their end, each in a process of its own. Reading takes one thread; seconds are those of the
processor, so that other programs do not count.
"""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

from benchmarks.common import (
    MEGABYTE,
    folder,
    in_own_process,
    machine_line,
    markdown_table,
    parser,
    positive,
    report,
    run,
)

FORMATS = ("tmx", "xlf", "po", "tsv", "jsonl", "parquet")
_SENTENCES = 20_000

_XLIFF = (
    '<xliff version="1.2"><file original="a" source-language="en" target-language="fr"><body>\n'
)
_PO = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def sentences(seed: int) -> list[str]:
    """Return made-up sentences of 4 to 18 words."""
    chance = random.Random(seed)
    letters = "aaabcdeeefghiiijklmnooopqrstuuuvxyzéèà"
    words = ["".join(chance.choices(letters, k=chance.randint(1, 11))) for _ in range(5000)]
    return [
        " ".join(chance.choices(words, k=chance.randint(4, 18))) + "." for _ in range(_SENTENCES)
    ]


def write_file(path: str, megabytes: int, seed: int) -> int:
    """Write a file of about this size; return how many pairs it has."""
    kind = Path(path).suffix.removeprefix(".")
    chance, texts = random.Random(seed), sentences(seed)
    if kind == "parquet":
        return _write_parquet(path, megabytes, chance, texts)
    head = {"tmx": '<tmx version="1.4"><header srclang="en"/><body>\n', "xlf": _XLIFF, "po": _PO}
    tail = {"tmx": "</body></tmx>\n", "xlf": "</body></file></xliff>\n"}
    form = {
        "tmx": '<tu><tuv xml:lang="en-US"><seg>{} <bpt i="1">&lt;b></bpt>{}<ept i="1"/></seg></tuv>'
        '<tuv xml:lang="fr-FR"><seg>{}</seg></tuv></tu>\n',
        "xlf": '<trans-unit id="1"><source>{} <g id="1">{}</g></source><target>{}</target>'
        "</trans-unit>\n",
        "po": 'msgctxt "menu"\nmsgid "{} {}"\nmsgstr "{}"\n\n',
        "tsv": "{} {}\t{}\n",
        "jsonl": '{{"en": "{} {}", "fr": "{}"}}\n',
    }[kind]
    pairs = 0
    with Path(path).open("w", encoding="utf-8") as file:
        file.write(head.get(kind, ""))
        while file.tell() < megabytes * MEGABYTE:
            drawn = (chance.choices(texts, k=3) for _ in range(1000))
            file.write("".join(form.format(a, "word", c) for a, _, c in drawn))
            pairs += 1000
        file.write(tail.get(kind, ""))
    return pairs


def _write_parquet(path: str, megabytes: int, chance: random.Random, texts: list[str]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("en", pa.string()), ("fr", pa.string())])
    pairs = size = 0
    with pq.ParquetWriter(path, schema) as writer:
        while size < megabytes * MEGABYTE:
            columns = [chance.choices(texts, k=20_000) for _ in schema]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            size += sum(len(text) for column in columns for text in column)
            pairs += 20_000
    return pairs


def read_once(path: str) -> dict[str, Any]:
    """Read a file to its end; return the pairs and the seconds of the processor."""
    from translator.corpora.columns import Wanted
    from translator.corpora.readers import read_rows
    from translator.corpora.spec import parse_spec

    wanted = Wanted(source="en", target="fr")
    began = time.process_time()
    pairs = sum(1 for _, source, targets in read_rows(parse_spec(path), wanted) if targets[0])
    return {"pairs": pairs, "seconds": time.process_time() - began}


def main() -> None:
    """Measure and print the table."""
    options_parser = parser(__doc__ or "")
    options_parser.add_argument(
        "--megabytes", type=positive, nargs="+", default=[10, 1024], help="sizes of the files"
    )
    options_parser.add_argument("--formats", nargs="+", default=list(FORMATS), choices=FORMATS)
    options_parser.add_argument("--seed", type=int, default=1, help="of the made-up text")
    options_parser.add_argument("--folder", type=Path, help="where temporary files go")
    options = options_parser.parse_args()
    rows, results = [], {}
    with folder(None, inside=options.folder) as place:
        for kind in options.formats:
            for megabytes in options.megabytes:
                path = place / f"a.{kind}"
                in_own_process(write_file, path=str(path), megabytes=megabytes, seed=options.seed)
                size = path.stat().st_size / MEGABYTE
                one, peak = in_own_process(read_once, path=str(path))
                path.unlink()
                results[f"{kind} {megabytes}"] = {**one, "peak_bytes": peak}
                rate = one["pairs"] / one["seconds"]
                rows.append(
                    [
                        f"{kind}, {size:,.0f} MiB",
                        f"{one['pairs']:,}",
                        f"{rate:,.0f}",
                        f"{size / one['seconds']:,.0f}",
                        f"{peak / MEGABYTE:,.0f}",
                    ]
                )
    header = ["", "pairs", "pairs/s", "MiB/s", "peak memory, MiB"]
    report(markdown_table(header, rows), [machine_line("pyarrow")], results, options.json)


if __name__ == "__main__":
    run(main)
