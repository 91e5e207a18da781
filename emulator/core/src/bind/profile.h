// The profile for Python: a switch, and its rows as NumPy arrays.
#pragma once

#include <nanobind/nanobind.h>

#include "machine.h"

namespace tinysim {

void bind_profile(nanobind::class_<Machine>& machine);

}  // namespace tinysim
