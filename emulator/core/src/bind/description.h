// A machine as the platform describes it, for Python: the chip's numbers, memories, devices, parts, wires, streams.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <vector>

#include "machine.h"

namespace tinysim {

std::vector<std::string> timing_names();        // of the chip's .toml, section [timing]
void bind_description(nanobind::class_<Machine>& machine);

}  // namespace tinysim
