"""Path of a sentence, step 10: a page and a REST API around `Translator`.

server.py      address, signals, the protocol with its time limits: begin here
app.py         the application: what is served under which path
service.py     what the paths have in common: from a request to translations
libretranslate.py  the paths that clients of LibreTranslate ask for
api.py         our own: n-best, scores, alignments, streams
pages.py       the page, its files, and the documentation of the paths
schema.py      what comes in and goes out, as types; the OpenAPI document is made of them
models.py      the models that are served, by direction; loading them anew
batches.py     what many requests ask for is computed together
texts.py       texts into sentences, and back
html.py        HTML into such texts, and tags back around the words that they belong to
detection.py   which language a text is in
guard.py       limits, keys, headers: who may ask for what, and what an error tells
metrics.py     figures for Prometheus
page/          HTML, CSS and JavaScript as the browser gets them

Needs the extra translator[web].
"""
