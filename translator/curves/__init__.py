"""How a run learned: its record, metrics.jsonl, as text in a terminal and as a picture.

Nothing here loads torch: a run can be looked at while it trains, or without what it trains with.
"""

from translator.curves.read import Curve, Logged, Validated, read_curve, run_names
from translator.curves.text import summary, table

__all__ = ["Curve", "Logged", "Validated", "read_curve", "run_names", "summary", "table"]
