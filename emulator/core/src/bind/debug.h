// Breakpoints, watchpoints and special registers for a debugger in Python.
#pragma once

#include <nanobind/nanobind.h>

#include "machine.h"

namespace tinysim {

void bind_debug(nanobind::class_<Machine>& machine);

}  // namespace tinysim
