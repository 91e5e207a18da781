// From one class per window to events: a tap lies in two or three overlapping windows, and a single
// waits until no second tap can follow. One lone single window is the start of a knock, not a tap.
// Twin: models/tap/decision.py.
#pragma once

typedef enum { DECIDE_NONE, DECIDE_SINGLE, DECIDE_DOUBLE } decide_class;

// All zero at start.
typedef struct {
    int singles;          // windows read as single, in a row
    int cooldown_windows; // windows still to ignore
} decide_machine;

// Takes the class of the next window, returns the event it completes (DECIDE_NONE: no event).
decide_class decide_step(decide_machine *self, decide_class window_class);
