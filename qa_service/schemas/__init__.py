"""The wire format, and only here: what clients may send (`requests`) and what they get (`replies`)."""
