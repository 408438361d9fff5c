"""Word lists written as one string, so that a table of words stays readable."""


def word_list(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


def word_set(text: str) -> frozenset[str]:
    """The set of the words of a text."""
    return frozenset(text.split())
