"""`qa serve` without models, for tests of the process: gunicorn over a real archive that counts letters.

python -m tests.lettered FOLDER PORT [--without-model]
"""

import sys
from pathlib import Path

from flask import Flask

from index.errors import ModelError
from qa_service.server import Server
from qa_service.settings import Settings
from tests.living import living


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])

    def build() -> Flask:
        if "--without-model" in sys.argv:
            raise ModelError("model.onnx is missing; run `qa setup`")
        return living(folder).client.application

    Server(Settings(data_dir=folder, port=port), build).run()


if __name__ == "__main__":
    main()
