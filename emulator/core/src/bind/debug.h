// What a debugger and a debug probe in Python need: breakpoints, watchpoints, semihosting, trace.
#pragma once

#include <nanobind/nanobind.h>

#include "machine.h"

namespace tinysim {

void bind_debug(nanobind::class_<Machine>& machine);

}  // namespace tinysim
