"""From files to a searchable archive; knows nothing of the web."""
