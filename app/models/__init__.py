"""The tables, the engine under them, and the only SQL."""
