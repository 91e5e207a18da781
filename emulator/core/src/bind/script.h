// A device whose registers a Python object answers for, for the scripts of platform files: engines/native_scripts.py.
#pragma once

#include <nanobind/nanobind.h>

#include "machine.h"

namespace tinysim {

void bind_scripts(nanobind::class_<Machine>& machine);

}  // namespace tinysim
