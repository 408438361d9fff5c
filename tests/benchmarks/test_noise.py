import pytest

from benchmarks.common import BenchmarkError
from benchmarks.corpus_doctor import SAMPLE, read
from benchmarks.noise import FOREIGN, noise, spoiled

PAIRS = read(SAMPLE / "dev.tsv")


@pytest.mark.parametrize(
    ("languages", "others"),
    [
        (("en", "fr"), {"es", "it", "nl"}),
        (("en", "de"), {"es", "it", "nl"}),
        (("nl", "es-MX"), {"it"}),
    ],
)
@pytest.mark.parametrize("share", [0.2, 0.25])
def test_as_many_pairs_are_spoiled_as_are_asked_for(languages, others, share):
    rows, truth = spoiled(PAIRS, share, 1, languages)
    changed = {at + 1 for at, pair in enumerate(PAIRS) if rows[at] != pair}
    assert len(changed) == int(share * len(PAIRS))
    assert changed == set().union(*truth.values())
    assert list(truth) == list(noise(languages))
    counts = [len(lines) for lines in truth.values()]
    assert sum(counts) == len(changed)
    assert max(counts) - min(counts) <= 1
    # in neither of the corpus's languages
    first = {begin: name for name, pieces in FOREIGN.items() for begin in pieces[0]}
    found = set()
    for line in truth["in another language"]:
        [name] = {name for begin, name in first.items() if rows[line - 1][1].startswith(begin)}
        found.add(name)
    assert found == others
    for line in truth["broken characters"]:
        assert not PAIRS[line - 1][1].isascii()


def test_the_same_seed_spoils_the_same_pairs():
    assert spoiled(PAIRS, 0.2, 1, ("en", "fr")) == spoiled(PAIRS, 0.2, 1, ("en", "fr"))
    assert spoiled(PAIRS, 0.2, 1, ("en", "fr")) != spoiled(PAIRS, 0.2, 2, ("en", "fr"))


def test_too_few_pairs_with_characters_that_break():
    pairs = [(f"A cat {number}.", f"Un chat {number}.") for number in range(100)]
    with pytest.raises(BenchmarkError, match="too few pairs can be spoiled so: broken characters"):
        spoiled(pairs, 0.2, 1, ("en", "fr"))
