// A machine as the platform describes it, for Python: the chip's numbers, memories, devices, parts, wires, streams.
#pragma once

#include <nanobind/nanobind.h>

#include <map>
#include <string>
#include <utility>

#include "machine.h"

namespace tinysim {

// Of the chip's .toml, section [timing]: least and most.
std::map<std::string, std::pair<int, int>> timing_ranges();
void bind_description(nanobind::class_<Machine>& machine);

}  // namespace tinysim
