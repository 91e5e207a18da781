// What state a machine is in, for Python: time, registers, the last fault, the clock so far, memory settings in words.
#pragma once

#include <nanobind/nanobind.h>

#include "machine.h"

namespace tinysim {

void bind_state(nanobind::class_<Machine>& machine);

}  // namespace tinysim
