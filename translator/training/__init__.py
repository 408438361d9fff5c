"""Learn the weights: runs folders 1 to 6 over a corpus, and keeps the run so that it can go on."""

from translator.training.run import Request, train
from translator.training.verify import verify_resume

__all__ = ["Request", "train", "verify_resume"]
