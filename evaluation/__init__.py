"""Quality numbers: what is found, what is read, what is answered."""
