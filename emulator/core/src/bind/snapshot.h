// Snapshots for Python: an opaque object, and bytes for a file.
#pragma once

#include <nanobind/nanobind.h>

#include "machine.h"

namespace tinysim {

void bind_snapshot(nanobind::module_& module, nanobind::class_<Machine>& machine);

}  // namespace tinysim
