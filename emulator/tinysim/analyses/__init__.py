"""Pure functions from a Record to frozen results. Nothing here runs firmware, reads files or prints."""
