"""Writes a translation memory as offices have them: good sentences among faults of every kind.

The good sentences are those of the sample corpus. The faults are planted, in shares that real
memories have, so that the walk-through can tell what was there and what was found. The same
options give the same bytes everywhere.

    python docs/messy_memory.py --out office

    office/memory/office.tmx   what a translators' program exports
    office/memory/fr.po        the messages of a program
    office/last-year/dev.tsv   sentences that somebody once set aside to test with,
    office/last-year/test.tsv  and forgot to take out of the memory
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
PROJECTS = ("handbook", "letters", "web site")
IN_PO = 0.15
"""Share of the pairs that are messages of a program."""
HELD_OUT, STILL_THERE = 300, 0.6
"""Pairs of each of last year's sets, and the share of them that is in the memory."""

GERMAN = (
    ("Der Drucker", "Die Heizung", "Das Fenster", "Der Aufzug", "Die Tür", "Das Telefon"),
    ("im Flur", "in der Küche", "neben der Treppe", "im ersten Stock", "hinter dem Lager"),
    ("muss bald repariert werden.", "funktioniert heute leider nicht.", "ist schon wieder kaputt."),
    ("Bitte sagen Sie es den anderen.", "Wir kümmern uns morgen darum.", "Das wissen alle."),
)
"""Our own sentences, from another project: each with one piece of every row."""
RUSSIAN = (
    ("Принтер", "Телефон", "Лифт", "Замок"),
    ("на кухне", "в коридоре", "у лестницы", "на первом этаже"),  # noqa: RUF001
    ("сегодня не работает.", "скоро будет готов.", "опять сломался."),
)
FOOTER = "Printed on recycled paper."

Pair = tuple[str, str]
Spoil = Callable[[Pair, Pair, random.Random], Pair]
"""A good pair, the pair of another line, and chance, to a pair with a fault."""


def sentence(pieces: tuple[tuple[str, ...], ...], chance: random.Random) -> str:
    """Return a sentence made of one piece of each row."""
    return " ".join(chance.choice(row) for row in pieces)


def nearly(pair: Pair, other: Pair, chance: random.Random) -> Pair:
    """Return the same pair in other capitals or without its full stop."""
    if chance.random() < 0.5:
        return pair[0].upper(), pair[1].upper()
    return pair[0].rstrip(".?! "), pair[1].rstrip(".?! ")


def misread(pair: Pair, other: Pair, chance: random.Random) -> Pair:
    """Return the translation after a program took its encoding for another one."""
    raw = pair[1].encode()
    if chance.random() < 0.7:
        return pair[0], raw.decode("cp1252", "replace")
    return pair[0], pair[1].replace("é", "\ufffd")


def escaped(pair: Pair, other: Pair, chance: random.Random) -> Pair:
    """Return the translation as it stands in the source of a web page."""
    return pair[0], pair[1].replace("é", "&eacute;").replace("'", "&#39;")


def hidden(pair: Pair, other: Pair, chance: random.Random) -> Pair:
    """Return the translation with a character that nobody sees, as copied from a document."""
    at = pair[1].index(" ")
    return pair[0], pair[1][:at] + chance.choice("\u00ad\u2060\ufeff") + pair[1][at:]


def other_number(pair: Pair, other: Pair, chance: random.Random) -> Pair:
    """Return a reference to a page that has moved in one of the languages."""
    page = chance.randrange(100, 800)
    return f"{pair[0]} See page {page}.", f"{pair[1]} Voir page {page + chance.randrange(1, 9)}."


def other_address(pair: Pair, other: Pair, chance: random.Random) -> Pair:
    """Return an address that differs, which may be right."""
    name = chance.choice(("help", "news", "shop"))
    return f"{pair[0]} www.example.com/en/{name}", f"{pair[1]} www.example.com/fr/{name}"


def cut_off(pair: Pair, other: Pair, chance: random.Random) -> Pair:
    """Return a translation of which the end is missing."""
    return f"{pair[0]} (As we said.)", f"{pair[1]} (Comme nous"


FAULTS: dict[str, tuple[float, Spoil]] = {
    "not translated yet": (0.015, lambda pair, other, chance: (pair[0], "")),
    "left in English": (0.03, lambda pair, other, chance: (pair[0], pair[0])),
    "in German": (0.02, lambda pair, other, chance: (pair[0], sentence(GERMAN, chance))),
    "in Russian": (0.005, lambda pair, other, chance: (pair[0], sentence(RUSSIAN, chance))),
    "sides swapped": (0.015, lambda pair, other, chance: pair[::-1]),
    "broken characters": (0.02, misread),
    "escaped for the web": (0.01, escaped),
    "invisible characters": (0.005, hidden),
    "several sentences on one side": (
        0.01,
        lambda pair, other, chance: (pair[0], f"{pair[1]} {other[1]} {other[1]} {other[1]}"),
    ),
    "a page on one side": (0.005, lambda pair, other, chance: (" ".join([pair[0]] * 9), pair[1])),
    "whole chapters": (
        0.001,
        lambda pair, other, chance: (" ".join([pair[0]] * 45), " ".join([pair[1]] * 45)),
    ),
    "other page numbers": (0.01, other_number),
    "other web addresses": (0.005, other_address),
    "cut off": (0.01, cut_off),
    "names of products": (
        0.01,
        lambda pair, other, chance: (f"Teekanne TK-{chance.randrange(10**5)}",) * 2,
    ),
    "the footer of every page": (0.01, lambda pair, other, chance: (FOOTER, pair[1])),
    "the same again": (0.05, lambda pair, other, chance: pair),
    "nearly the same again": (0.02, nearly),
    "odd line separators": (
        0.003,
        lambda pair, other, chance: (pair[0], pair[1].replace(" ", "\u2028", 1)),
    ),
    "of another line": (0.01, lambda pair, other, chance: (pair[0], other[1])),
}
"""Share of the pairs that get a fault, and how. What comes again stays there as it was too."""
AGAIN = {"the same again", "nearly the same again"}
ONLY_PO = {"odd line separators"}
"""Where the walk-through shows them; XML can hold them just as well."""


def rows(name: str) -> list[Pair]:
    """Return the pairs of a file of the sample corpus."""
    lines = (SAMPLE / f"{name}.tsv").read_text(encoding="utf-8").split("\n")
    return [(source, target) for source, target in (line.split("\t") for line in lines if line)]


def spoiled(good: list[Pair], chance: random.Random) -> list[tuple[str, Pair]]:
    """Return the pairs, some of them with a fault, each with the name of its fault."""
    long_enough = [at for at, (_, target) in enumerate(good) if " " in target and "é" in target]
    chance.shuffle(long_enough)
    planted = [("", pair) for pair in good]
    later: list[tuple[int, str, Pair]] = []
    for fault, (share, spoil) in FAULTS.items():
        for _ in range(round(share * len(good))):
            at = long_enough.pop()
            pair = spoil(good[at], chance.choice(good), chance)
            if fault in AGAIN:
                later.append((chance.randrange(at, len(good)) + 1, fault, pair))
            else:
                planted[at] = fault, pair
    for place, fault, pair in sorted(later, reverse=True):
        planted.insert(place, (fault, pair))
    return planted


def tmx(planted: list[Pair], chance: random.Random) -> str:
    """Return a translation memory."""
    units = []
    for number, pair in enumerate(planted, start=1):
        source, target = map(escape, pair)
        if chance.random() < 0.02:
            # bold print, as the program writes it
            source, target = (
                f'<bpt i="1">&lt;b&gt;</bpt>{text}<ept i="1">&lt;/b&gt;</ept>'
                for text in (source, target)
            )
        units.append(
            f'  <tu tuid="{number}"><prop type="project">{chance.choice(PROJECTS)}</prop>\n'
            f'    <tuv xml:lang="en-GB"><seg>{source}</seg></tuv>\n'
            f'    <tuv xml:lang="fr-FR"><seg>{target}</seg></tuv>\n'
            "  </tu>\n"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
        '<header creationtool="office" creationtoolversion="1" segtype="sentence" o-tmf="office"\n'
        ' adminlang="en-GB" srclang="en-GB" datatype="plaintext"/>\n<body>\n'
        + "".join(units)
        + "</body>\n</tmx>\n"
    )


def po(planted: list[Pair], chance: random.Random) -> str:
    """Return the messages of a program, some of them unfinished or no longer in use."""
    entries = [
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: fr\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n',
        'msgid "%d sentence was saved."\nmsgid_plural "%d sentences were saved."\n'
        'msgstr[0] "%d phrase a été enregistrée."\nmsgstr[1] "%d phrases ont été enregistrées."\n',
    ]
    for source, target in planted:
        state = chance.random()
        before = "#, fuzzy\n" if state < 0.03 else ""
        mark = "#~ " if state > 0.98 else ""
        source, target = (text.replace('"', '\\"') for text in (source, target))
        entries.append(f'{before}{mark}msgid "{source}"\n{mark}msgstr "{target}"\n')
    return "\n".join(entries)


def held_out(name: str, memory: list[Pair], chance: random.Random) -> str:
    """Return a set of which a part is in the memory, some of it in other capitals."""
    size = min(HELD_OUT, len(memory) // 20)
    there = chance.sample(memory, round(size * STILL_THERE))
    there = [nearly(pair, pair, chance) if chance.random() < 0.3 else pair for pair in there]
    new = chance.sample(rows(name), size - len(there))
    together = there + new
    chance.shuffle(together)
    return "".join(f"{source}\t{target}\n" for source, target in together)


def write(path: Path, text: str) -> None:
    """Write a file of UTF-8 with line feeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def main() -> None:
    """Write the files and tell what was planted."""
    parser = argparse.ArgumentParser(description="Write a translation memory with known faults.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--pairs", type=int, default=25_000, help="good sentences to begin with")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    good = rows("train")[: options.pairs]
    planted = spoiled(good, chance)
    parts: tuple[list[Pair], list[Pair]] = ([], [])
    for fault, pair in planted:
        parts[fault in ONLY_PO or chance.random() < IN_PO].append(pair)
    write(options.out / "memory" / "office.tmx", tmx(parts[0], chance))
    write(options.out / "memory" / "fr.po", po(parts[1], chance))
    for name in ("dev", "test"):
        write(options.out / "last-year" / f"{name}.tsv", held_out(name, good, chance))
    counts = Counter(fault for fault, _ in planted if fault)
    print(f"{len(planted):,} pairs in {options.out}, {counts.total():,} of them with a fault:")
    for fault, number in counts.most_common():
        print(f"{number:>7,}  {fault}")


if __name__ == "__main__":
    main()
