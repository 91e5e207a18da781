#include "lib/decide.h"

enum { SINGLES_OF_A_SINGLE = 2, SINGLES_OF_A_DOUBLE = 4 };

static decide_class emit(decide_machine *self, decide_class event, int cooldown_windows)
{
    *self = (decide_machine){.cooldown_windows = cooldown_windows};
    return event;
}

decide_class decide_step(decide_machine *self, decide_class window_class)
{
    if (self->cooldown_windows > 0) {
        self->cooldown_windows -= 1;
        return DECIDE_NONE;
    }
    if (window_class == DECIDE_DOUBLE) {
        return emit(self, DECIDE_DOUBLE, 2);
    }
    if (window_class == DECIDE_SINGLE) {
        self->singles += 1;
        return self->singles == SINGLES_OF_A_DOUBLE ? emit(self, DECIDE_DOUBLE, 1) : DECIDE_NONE;
    }
    if (self->singles >= SINGLES_OF_A_SINGLE) {
        return emit(self, DECIDE_SINGLE, 1);
    }
    self->singles = 0;
    return DECIDE_NONE;
}
