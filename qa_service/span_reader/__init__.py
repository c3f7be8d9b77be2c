"""The span reader: a small German network that points at the words that answer a question.

A question becomes an answer in five steps, one module each:

    windows.py   question and passages -> token windows, with character offsets
    scorers.py   windows -> scores of every token (ONNX Runtime, or torch for any other model)
    decode.py    scores -> the best spans of a window
    confidence.py  span scores -> probability of being right
    reader.py    all of it, behind the `Reader` protocol

`network.py` is the network itself (training and export), `weights.py` the shipped parameters, `export.py`
what the CPU runs.
"""
