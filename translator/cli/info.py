"""`translator info`: what a model says of itself."""

from __future__ import annotations

from translator.cli.common import JsonOption, ModelOption, choose_model
from translator.cli.failures import reported
from translator.cli.files import standard_output


@reported()
def info(model: ModelOption = None, json: JsonOption = False) -> None:
    """Tell what a model is: languages, size, training, scores, licence.

    Its weights and its vocabulary are compared with the checksums that were noted when they were
    written. What it was trained on, how and when is told as its manifest has it.

    \b
    translator info
    translator info --model checkpoints/en-fr --json
    """
    run = choose_model(model)
    from translator.cli.model_facts import as_json, as_text
    from translator.export.facts import model_facts

    facts = model_facts(run)
    standard_output().write(as_json(facts) if json else as_text(facts))
