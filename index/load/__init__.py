"""From files of any format to articles; what cannot become one is rejected with its reason."""

from index.load.draft import Draft, finish, from_record
from index.load.files import load, load_bytes, load_file
from index.load.jsonl import load_jsonl

__all__ = ["Draft", "finish", "from_record", "load", "load_bytes", "load_file", "load_jsonl"]
