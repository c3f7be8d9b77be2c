"""The embedded model for the tests marked `model`: unpacked once, where `make setup` puts it."""

import functools
import os
from pathlib import Path

from index.model import ModelSource, resolve

_DEFAULT = Path(__file__).parents[1] / "var" / "models"


@functools.cache
def embedded_model() -> ModelSource:
    return resolve(None, cache=Path(os.environ.get("QA_MODEL_CACHE") or _DEFAULT))
