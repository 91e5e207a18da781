// What a run left behind as NumPy arrays in ticks; tinysim.engines.native turns ticks into CPU cycles.
#pragma once

#include <nanobind/nanobind.h>

#include "machine.h"

namespace tinysim {

void bind_record(nanobind::class_<Machine>& machine);

}  // namespace tinysim
