"""Data shipped with the project and the programs that make it."""
