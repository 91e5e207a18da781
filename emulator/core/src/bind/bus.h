// The bus matrix for Python: slaves and masters before the run, who waited for whom after it.
#pragma once

#include <nanobind/nanobind.h>

#include "machine.h"

namespace tinysim {

void bind_bus(nanobind::module_& module, nanobind::class_<Machine>& machine);

}  // namespace tinysim
