"""Normal forms of answers, one module per kind: the same answer in other words has the same key."""

from qa_service.normal.form import Normal
from qa_service.normal.forms import names_country, normalise, shown, stands_for

__all__ = ["Normal", "names_country", "normalise", "shown", "stands_for"]
