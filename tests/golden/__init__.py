"""Golden cases: hand-checkable numbers that must come out of the whole pipeline."""
