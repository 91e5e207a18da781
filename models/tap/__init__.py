"""Tap detection for the wrist-sized accelerometer: synthetic recordings, training, export to C."""
