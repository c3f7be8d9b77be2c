"""What can go wrong between a question and its answer.

ServiceError
├── SettingsError        the environment holds a wrong, unknown or contradictory setting
├── ReaderError          the reader model could not be found, loaded or verified
└── FeedbackError        feedback could not be stored or read
"""


class ServiceError(Exception):
    """Base of everything that this package raises on purpose."""


class SettingsError(ServiceError):
    """A setting is wrong; the message names the variable, its value and what is accepted."""


class ReaderError(ServiceError):
    """The reader model could not be found, loaded or verified."""


class FeedbackError(ServiceError):
    """Feedback could not be stored or read; the message names the file."""
