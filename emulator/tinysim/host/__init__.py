"""What a debug probe and its host do for a guest: semihosting calls, SEGGER RTT, the ITM switched on. See ports.py."""
