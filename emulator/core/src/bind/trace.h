// Execution traces for Python: writing one while the machine runs, and counting the cycles of one.
#pragma once

#include <nanobind/nanobind.h>

#include "machine.h"

namespace tinysim {

void bind_trace(nanobind::module_& module, nanobind::class_<Machine>& machine);

}  // namespace tinysim
