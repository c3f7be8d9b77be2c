"""From a training result to the weights that ship.

    python -m training.export --run FILE.npz --base MODEL_FOLDER --out qa_service/weights/reader.safetensors

Only what differs from the base is written (encoder layers, positions, heads), in eight bits.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from qa_service.span_reader import weights
from qa_service.span_reader.network import ReaderNetwork


def main() -> None:
    """Writes the weights and their checksum."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, required=True, help="result of training.train")
    parser.add_argument("--base", type=Path, required=True, help="folder of the unpacked base model")
    parser.add_argument("--out", type=Path, default=weights.SHIPPED)
    options = parser.parse_args()
    arrays = np.load(options.run)
    known = ReaderNetwork(1).state_dict()
    parameters = {
        name: arrays[name] for name in arrays.files if name in known and "word_embeddings" not in name
    }
    base = json.loads((options.base / "manifest.json").read_text())["identity"]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    weights.save(parameters, options.out, base=base)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB, base {base}")


if __name__ == "__main__":
    main()
