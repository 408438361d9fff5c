"""Damaged and hostile files of every format: each ends in pairs or in one message, and in time.

Inputs are made from small whole files by cutting, doubling, swapping, flipping bits and putting in
what breaks parsers. A reader may refuse a file with a `DataError`; any other exception, a pair that
is no text, a text over several lines, and a file that takes more than `--seconds` is a finding, and
the file is kept.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from benchmarks.common import BenchmarkError, parser, positive, run
from translator.config import DataConfig
from translator.corpora.columns import Wanted
from translator.corpora.info import corpus_info
from translator.corpora.lines import SEPARATORS
from translator.corpora.readers import check_files, read_records
from translator.corpora.spec import parse_spec
from translator.errors import TranslatorError

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en"/><body>
<tu tuid="1"><prop type="x">c</prop><note>n</note><tuv xml:lang="en"><seg>A <bpt i="1" x="1">b</bpt>
c<ept i="1"/> <ph x="2"><sub>d</sub></ph></seg></tuv><tuv xml:lang="fr-FR"><seg>é &amp; &#233;</seg>
</tuv></tu><tu><tuv lang="EN"><seg><![CDATA[x]]></seg></tuv><tuv lang="FR"><seg>y</seg></tuv></tu>
</body></tmx>
"""
XLIFF = """<xliff version="1.2" xmlns="urn:x"><file original="a" source-language="en"
target-language="fr"><body><group><trans-unit id="1"><source>A <g id="1">b</g><x id="2"/></source>
<seg-source><mrk mtype="seg" mid="1">A</mrk></seg-source><target state="translated"><mrk mtype="seg"
mid="1">B</mrk></target><alt-trans><target>n</target></alt-trans><note>m</note></trans-unit></group>
</body></file></xliff>
"""
XLIFF2 = """<xliff version="2.0" srcLang="en" trgLang="fr"><file id="f"><unit id="u"><segment
state="final"><source>a <pc id="1">b</pc><cp hex="1"/></source><target>c <sc id="1"/>d<ec
startRef="1"/></target></segment><ignorable><source> </source></ignorable></unit></file></xliff>
"""
PO = """# a
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

#: a.c:1
#, fuzzy
#| msgid "old"
msgctxt "menu"
msgid "Open \\"it\\""
msgstr "Ouvrir"

msgid "%d file"
msgid_plural "%d files"
msgstr[0] "%d fichier"
msgstr[1] ""
"%d fichiers é"

#~ msgid "x"
#~ msgstr "y"
"""
SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Hello</i>
there.

2
00:00:03,000 --> 00:00:04,000
Oui é.
"""


def parquet() -> bytes:
    """Return a small Parquet file with plain, nested and list columns."""
    sink = io.BytesIO()
    nested = [{"en": "a", "fr": "b"}, {"en": "c", "fr": None}]
    pq.write_table(pa.table({"id": [1, 2], "translation": nested, "l": [["x"], []]}), sink)
    return sink.getvalue()


def seeds() -> dict[str, list[bytes]]:
    """Return whole files of each format, by ending."""
    tsv = "en\tfr\tx\nThe cat\tLe chat\t1\nA\té\u2028\t2\n".encode()
    lines = [{"en": "a", "fr": "b"}, {"translation": {"en": "c", "fr": ["d", "e"]}, "n": 1.5}]
    return {
        ".tsv": [tsv, b"a\tb\nc\td\n"],
        ".csv": [b'en,fr\n"a ""x""\nb","c"\nd,e\n', b"a;b\nc;d\n"],
        ".jsonl": ["\n".join(map(json.dumps, lines)).encode()],
        ".parquet": [parquet()],
        ".tmx": [TMX.encode(), TMX.replace("UTF-8", "UTF-16").encode("utf-16")],
        ".xlf": [XLIFF.encode(), XLIFF2.encode()],
        ".po": [PO.encode(), PO.replace("UTF-8", "ISO-8859-1").encode("latin-1")],
        ".srt": [SRT.encode(), SRT.replace("\n", "\r\n").encode("utf-8-sig")],
        ".tsv.gz": [gzip.compress(tsv)],
        ".tsv.xz": [lzma.compress(tsv)],
        ".tsv.zst": [zstandard.compress(tsv)],
        ".en": [b"a\nb\n"],
    }


_PARTS = re.compile(rb"<[^<>]{0,99}>|[^<>\t\n,\"]+|[\s\S]")

SPICES = [
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    "\u2028\x85\x0c\r".encode(),
    b"\r\n",
    b"\n\n",
    b"\t",
    b'"',
    b"\\",
    b"<",
    b"]]>",
    b"&a;",
    b"&#0;",
    b"&#xD800;",
    b"<!DOCTYPE a [<!ENTITY a 'b'>]>",
    b"<!--",
    b"<![CDATA[",
    b"<tu>",
    b"</seg>",
    b"<seg>",
    b"<target>",
    b"</source>",
    b"<mrk mtype='seg' mid='1'>",
    b"<a" * 300,
    b"[" * 3000,
    b"9" * 5000,
    b"{}",
    b"null",
    b'{"en": 1}',
    b"\\ud800",
    b"msgid ",
    b'msgstr "x"\n',
    b"msgstr[9] ",
    b"msgstr[",
    b"#~ ",
    b"#| ",
    b"#, fuzzy\n",
    b"-->",
    b"00:00:00,000 --> 99:99:99,999",
    b"\xe2\x80\x8f",
    bz2.compress(b"x"),
    b"PK\x03\x04",
    b"PAR1",
    b"\x1f\x8b",
    b"encoding='utf-7'",
    b"charset=utf-16",
    b"plural=n**n**n;",
]


def damaged(seed: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return a file that was whole, after one to six accidents."""
    data = bytearray(seed)
    for _ in range(1 if chance.random() < 0.6 else chance.randint(2, 6)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.randint(0, 60))
        kind = chance.randrange(10)
        if kind == 0:
            del data[at:]
        elif kind == 1:
            del data[at:end]
        elif kind == 2:
            data[at:at] = data[at:end] * chance.randint(1, 50)
        elif kind == 3 and data:
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        elif kind == 4:
            data[at:end] = chance.randbytes(chance.randint(0, 40))
        elif kind == 5:
            other = chance.choice(others)
            begin = chance.randrange(len(other) + 1)
            data[at:at] = other[begin : begin + 80]
        elif kind < 8:
            data[at:at] = chance.choice(SPICES)
        else:
            data = _exchanged(data, chance)
    return bytes(data)


def _exchanged(data: bytearray, chance: random.Random) -> bytearray:
    """Put one tag, line or column in the place of another, or take it out."""
    parts = _PARTS.findall(data)
    if len(parts) > 1:
        one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
        parts[one] = chance.choice([parts[other], parts[one] + parts[other], b""])
    return bytearray(b"".join(parts))


def problem_of(spec: str, seconds: float, inline: str = "remove") -> tuple[str, str]:
    """Read a corpus; return what is wrong with the reader, if anything, and what it did."""
    began = time.process_time()
    wanted = Wanted(source="en", target="fr", extras=True, inline=inline)  # type: ignore[arg-type]
    problem, result = "", "pairs"
    try:
        parsed = parse_spec(spec)
        check_files(parsed, wanted)
        for number, source, targets, extras in read_records(parsed, wanted):
            texts = [source, *(text or "" for text in targets), *extras.values()]
            if not isinstance(number, int) or not all(isinstance(text, str) for text in texts):
                problem = f"no record: {number!r} {texts!r}"
            if any(set(text) & {"\n", *SEPARATORS} for text in texts):
                problem = f"a text over several lines: {texts!r}"
            "".join(texts).encode()
        corpus_info(spec, source=None, target=None, options=DataConfig())
    except TranslatorError as error:
        result = "message"
        if not (error.message and error.where):
            problem = f"a message without a place: {error}"
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    if not problem and time.process_time() - began > seconds:
        problem = f"took {time.process_time() - began:.1f} s"
    return problem, result


def fuzz(
    count: int,
    seed: int,
    seconds: float,
    folder: Path,
    tell: Callable[[str], None],
    endings: list[str] | None = None,
) -> tuple[dict[str, Counter[str]], list[str]]:
    """Read `count` damaged files; return what became of them by format, and the findings."""
    chance = random.Random(seed)
    whole = {name: files for name, files in seeds().items() if not endings or name in endings}
    others = [data for files in seeds().values() for data in files]
    results = {name: Counter[str]() for name in whole}
    findings: list[str] = []
    for at in range(count):
        ending = chance.choice(list(whole))
        path = folder / f"a.en{ending}" if ending in (".srt", ".en") else folder / f"a{ending}"
        path.write_bytes(damaged(chance.choice(whole[ending]), others, chance))
        spec = str(path)
        if ending in (".srt", ".en"):
            other = path.with_name(path.name.replace(".en", ".fr"))
            other.write_bytes(chance.choice(whole[ending]))
            spec += f",{other}"
        inline = chance.choice(["remove", "keep"])
        problem, result = problem_of(spec, seconds, inline)
        results[ending][result] += 1
        if problem:
            kept = folder / f"finding{len(findings)}{ending}"
            kept.write_bytes(path.read_bytes())
            findings.append(f"{kept}: {problem[:300]}")
            tell(findings[-1])
        if at % 5000 == 4999:
            tell(f"{at + 1:,} files")
    return results, findings


def main() -> None:
    """Read damaged files, and say what became of them."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--files", type=positive, default=50_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--seconds", type=float, default=5.0, help="of the processor, for a file"
    )
    arguments.add_argument("--keep", type=Path, metavar="DIR", help="where findings are kept")
    arguments.add_argument("--endings", help="only these, as .tmx,.po")
    options = arguments.parse_args()
    with TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        endings = options.endings.split(",") if options.endings else None
        results, findings = fuzz(
            options.files, options.seed, options.seconds, folder, print, endings
        )
    print("\n| format | files | pairs | one message |\n| --- | ---: | ---: | ---: |")
    for name, counts in results.items():
        total = sum(counts.values())
        print(f"| {name} | {total:,} | {counts['pairs']:,} | {counts['message']:,} |")
    if findings:
        raise BenchmarkError(f"{len(findings)} findings")


if __name__ == "__main__":
    run(main)
