// How memory is set up at the moment, in words, for the head of a report: wait states, caches, banks, bridges.
#pragma once

#include <string>
#include <vector>

#include "machine.h"

namespace tinysim {

std::vector<std::string> memory_settings(const Machine& machine);       // one line for each kind of memory

}  // namespace tinysim
