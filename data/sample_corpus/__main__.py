"""python -m data.sample_corpus --out data/sample"""

from data.sample_corpus.make import main

main()
