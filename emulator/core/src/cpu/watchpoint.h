// What a debugger watches: a range of memory, and which accesses to it stop the CPU behind them.
#pragma once

#include <cstdint>

namespace tinysim {

enum class Watch : uint8_t { read = 1, write = 2, access = 3 };
struct Watchpoint {
    uint32_t address, length;
    Watch kind;
};

}  // namespace tinysim
