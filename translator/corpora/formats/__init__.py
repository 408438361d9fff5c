"""One reader for each format, all yielding records (see `records`).

records.py      what a reader yields; units of several languages, and which of them are wanted
tables.py       TSV and CSV
json_lines.py   JSON Lines
arrow.py        Parquet and other Arrow tables
parallel.py     text files whose lines belong together
xml.py          XML as a stream, safe against what a stranger may have put into it
inline.py       text with tags in it
tmx.py          translation memories
xliff.py        XLIFF 1.2 and 2
po.py           gettext
subtitles.py    SRT, two files paired by time
"""
