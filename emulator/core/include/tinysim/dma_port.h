// The bus as a DMA master sees it: RAM only; anything else is a bus error for the master to report.
#pragma once

#include <cstdint>

#include "tinysim/scheduler.h"

namespace tinysim {

class DmaPort {
public:
    virtual ~DmaPort() = default;
    virtual bool reaches(uint32_t address, uint32_t bytes) const = 0;      // whole range in RAM that DMA can reach
    virtual bool read(uint32_t address, uint8_t& byte) = 0;                // one byte when the wire takes it
    virtual bool write(uint32_t address, uint8_t byte) = 0;                // one byte when the wire delivers it
};

}  // namespace tinysim
