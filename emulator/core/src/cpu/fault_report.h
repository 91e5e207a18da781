// The fault status bits, and what is kept of the last fault for the host.
#pragma once

#include <cstdint>

namespace tinysim {

class Archive;

// CFSR bits, DDI 0403 B3.2.15.
enum Cfsr : uint32_t {
    iaccviol = 1u << 0, daccviol = 1u << 1, munstkerr = 1u << 3, mstkerr = 1u << 4, mmarvalid = 1u << 7,
    ibuserr = 1u << 8, preciserr = 1u << 9, impreciserr = 1u << 10, unstkerr = 1u << 11, stkerr = 1u << 12, bfarvalid = 1u << 15,
    undefinstr = 1u << 16, invstate = 1u << 17, invpc = 1u << 18, nocp = 1u << 19, unaligned = 1u << 24, divbyzero = 1u << 25,
};

struct FaultReport {
    unsigned exception = 0;             // the exception that was taken, or hard_fault at lockup
    uint32_t pc = 0, cfsr = 0, hfsr = 0, address = 0;
    uint32_t registers[16] = {};
    uint32_t xpsr = 0;
    void state(Archive& archive);
};

}  // namespace tinysim
