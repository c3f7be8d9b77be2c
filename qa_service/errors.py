"""What can go wrong between a question and its answer.

ServiceError
├── SettingsError        the environment holds a wrong, unknown or contradictory setting
├── ReaderError          the reader model could not be found, loaded or verified
├── FeedbackError        feedback could not be stored or read
├── KeysError            the file of API keys cannot be read or written, or a key's name is wrong
├── OverloadedError      more questions are asked than can be answered; come back later
└── LimitedError         one key or address comes more often than it may
"""

from typing import Literal


class ServiceError(Exception):
    """Base of everything that this package raises on purpose."""


class SettingsError(ServiceError):
    """A setting is wrong; the message names the variable, its value and what is accepted."""


class ReaderError(ServiceError):
    """The reader model could not be found, loaded or verified."""


class FeedbackError(ServiceError):
    """Feedback could not be stored or read; the message names the file."""


class KeysError(ServiceError):
    """The file of API keys cannot be read or written, or a key's name is wrong; the message says which."""


class OverloadedError(ServiceError):
    """More questions are asked than can be answered; nothing was done for this one.

    Attributes:
        why: "queue_full" where too many wait already, "too_late" where the deadline would pass or passed.
        retry_after_s: When to come back, in seconds.
    """

    def __init__(self, why: Literal["queue_full", "too_late"], retry_after_s: int) -> None:
        super().__init__(why)
        self.why = why
        self.retry_after_s = retry_after_s


class LimitedError(ServiceError):
    """One key or address comes more often than it may; nothing was done for this request.

    Attributes:
        by: "key" or "address", whichever came too often.
        per_minute: What it may.
        retry_after_s: When to come back, in seconds.
    """

    def __init__(self, by: Literal["key", "address"], per_minute: int, retry_after_s: int) -> None:
        super().__init__(by)
        self.by = by
        self.per_minute = per_minute
        self.retry_after_s = retry_after_s
