// The bus as a DMA master sees it. The byte port of paced masters (EasyDMA) reaches RAM only; anything else is a bus
// error for the master to report. Controllers that move words on their own ask for `target` and take slaves of `the_matrix`.
#pragma once

#include <cstdint>
#include <string>

#include "tinysim/scheduler.h"

namespace tinysim {

class Device;
class Matrix;
class Memory;
struct Slave;
using MasterId = uint8_t;               // 0 and 1 are the CPU's data and fetch ports

// What stands at an address: a memory or a device with the offset in it; neither: a bus error.
struct DmaTarget {
    Memory* memory = nullptr;
    Device* device = nullptr;
    uint32_t offset = 0;
    Slave* slave = nullptr;             // null: not on the matrix, no DMA master reaches it
};

class DmaPort {
public:
    virtual ~DmaPort() = default;
    virtual bool reaches(uint32_t address, uint32_t bytes) const = 0;      // whole range in RAM that DMA can reach
    virtual bool read(uint32_t address, uint8_t& byte) = 0;                // one byte when the wire takes it
    virtual bool write(uint32_t address, uint8_t byte) = 0;                // one byte when the wire delivers it

    // A port without a matrix (tests of devices alone) has no beats.
    virtual MasterId add_master(const std::string& name) { (void)name; return 0; }
    virtual void beat(MasterId who, uint32_t address, Tick at) { (void)who, (void)address, (void)at; }   // one transfer takes its slave
    virtual Matrix* the_matrix() { return nullptr; }
    virtual DmaTarget target(uint32_t address) { (void)address; return {}; }
};

}  // namespace tinysim
