"""How fast it is: indexing, answering, starting, and the memory it takes."""
