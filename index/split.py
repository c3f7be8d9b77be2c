"""From an article to its passages, with exact offsets.

LangChain's recursive splitter does the cutting and this module is its only home. The splitter knows no
German and loses offsets, so it is fed a copy of the text in which the last character of every sentence
is a mark of the same length: it cuts at the marks, and the offsets are the running sum of its pieces.
"""

from bisect import bisect_left
from itertools import accumulate, pairwise

from index.dates import in_german
from index.sentences import sentences
from index.types import Article, Passage

# A noncharacter: valid text never holds it, and what does is masked in the copy.
_MARK = "\uffff"
_MASKED = "\ufffe"

# About 160 tokens of the embedding model: several facts, and short enough to be read in one window.
PASSAGE_CHARS = 700
OVERLAP_SENTENCES = 1
# Pieces below this share of a passage (headings, last paragraphs) join a neighbour ...
SMALL_SHARE = 0.35
# ... as long as the two stay below this share.
JOINED_SHARE = 1.25
# Overlap that would be longer than this share of a passage is left out.
OVERLAP_SHARE = 0.5


class Splitter:
    """Cuts articles into passages at paragraphs, then sentences, then words, then characters.

    Args:
        passage_chars: Length aimed at, in characters, 1 or more. With its overlap and a joined
            neighbour a passage is at most 1.75 times as long.
        overlap_sentences: Whole sentences before a passage that it repeats, 0 or more.

    Raises:
        ValueError: One of the two is out of range.
    """

    def __init__(
        self, *, passage_chars: int = PASSAGE_CHARS, overlap_sentences: int = OVERLAP_SENTENCES
    ) -> None:
        if passage_chars < 1 or overlap_sentences < 0:
            raise ValueError(
                f"passage_chars must be at least 1 and overlap_sentences at least 0, "
                f"not {passage_chars} and {overlap_sentences}"
            )
        self._passage_chars = passage_chars
        self._overlap_sentences = overlap_sentences
        from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415 - slow to load

        self._splitter = RecursiveCharacterTextSplitter(
            separators=["\n\n", _MARK, "\n", " ", ""],
            chunk_size=passage_chars,
            chunk_overlap=0,
            keep_separator="end",
            strip_whitespace=False,
        )

    def split(self, article: Article) -> list[Passage]:
        """Cut an article into passages.

        Args:
            article: The article; its text may be of any length.

        Returns:
            Passages with key 0, numbered from 0, in order. Each begins and ends with a character that
            is not white space, and every such character of the text is in one of them.
        """
        text = article.text
        spans = sentences(text)
        marked = list(text.replace(_MARK, _MASKED))
        for _, end in spans:
            marked[end - 1] = _MARK
        pieces = self._splitter.split_text("".join(marked))
        bounds = [0, *accumulate(len(piece) for piece in pieces)]
        starts = [start for start, _ in spans]
        return [
            Passage(0, article.id, number, self._widened(start, starts), end)
            for number, (start, end) in enumerate(self._joined(_trimmed(text, bounds)))
        ]

    def _joined(self, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Join small pieces: a heading with what follows, the end of a text with what precedes."""
        small = self._passage_chars * SMALL_SHARE
        most = self._passage_chars * JOINED_SHARE
        joined: list[tuple[int, int]] = []
        for start, end in pieces:
            if joined:
                previous, before = joined[-1]
                fits = end - previous <= (most if min(end - start, before - previous) < small else 0)
                if fits:
                    joined[-1] = (previous, end)
                    continue
            joined.append((start, end))
        return joined

    def _widened(self, start: int, starts: list[int]) -> int:
        """Move a start back over whole sentences, as far as the overlap allows."""
        if not self._overlap_sentences or not start:
            return start
        position = bisect_left(starts, start)
        for first in starts[max(0, position - self._overlap_sentences) : position]:
            if start - first <= self._passage_chars * OVERLAP_SHARE:
                return first
        return start


def context(article: Article) -> str:
    """Say what an article is about, to be embedded before the text of its passages.

    Args:
        article: The article.

    Returns:
        Title and date in German, "Titel. 19. Juni 2024. "; the title alone where no date is known.
    """
    title = article.title.strip()
    stop = "" if title.endswith((".", "!", "?", "…", ":")) else "."
    date = f" {in_german(article.published)}." if article.published else ""
    return f"{title}{stop}{date} "


def _trimmed(text: str, bounds: list[int]) -> list[tuple[int, int]]:
    pieces = []
    for start, end in pairwise(bounds):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            pieces.append((first, first + len(stripped)))
    return pieces
