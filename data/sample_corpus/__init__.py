"""A deterministic English-French corpus made from a hand-written lexicon and grammar."""
