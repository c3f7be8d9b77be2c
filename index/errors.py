"""What can go wrong between files and a searchable archive.

IndexingError
├── LoadError            a file or record could not be read (says file and line)
├── ModelError           an embedding model could not be found, unpacked or verified
├── ArchiveError         the SQLite archive cannot be opened, read or written
│   ├── UnknownArticleError
│   └── ModelMismatchError   the archive was built with another embedding model
└── DamagedIndexError    a derived index cannot be read; it is set aside and rebuilt
    └── OutdatedIndexError   another version of this package made it; it is replaced
"""


class IndexingError(Exception):
    """Base of everything that this package raises on purpose."""


class LoadError(IndexingError):
    """A file or record could not be read; the message names it and the line."""


class ModelError(IndexingError):
    """An embedding model could not be found, unpacked or verified."""


class ArchiveError(IndexingError):
    """The archive cannot be opened, read or written."""


class UnknownArticleError(ArchiveError):
    """No article has this id."""


class ModelMismatchError(ArchiveError):
    """The archive was built with another embedding model."""


class DamagedIndexError(IndexingError):
    """A derived index cannot be read."""


class OutdatedIndexError(DamagedIndexError):
    """A derived index was made by another version of this package."""
