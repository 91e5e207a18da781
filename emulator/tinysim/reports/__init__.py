"""Reports: one file per format, each a function of the same Summary."""
