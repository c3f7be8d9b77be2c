"""How questions are worded: their words, noun phrases, closed classes and morphology."""
