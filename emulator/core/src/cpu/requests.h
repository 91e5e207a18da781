// Why the handlers came back to the run loop, and why the run loop came back to the machine.
#pragma once

#include <cstdint>

namespace tinysim {

// Beyond "the next event is due".
enum class Request : uint8_t {
    none, fault, svc, wait_for_interrupt, wait_for_event, exception_return, breakpoint, invalid_state, flush_code, debug_stop,
};

enum class Stop : uint8_t { none, time, deadlock, lockup, fault, breakpoint, host, reset, watchpoint, semihosting };

}  // namespace tinysim
