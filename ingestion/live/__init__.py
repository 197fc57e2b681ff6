"""What becomes of live readings: a finished day of registers is folded into a meter day."""
