// The bench for I2C v2: two blocks at 16 MHz on one wire, `i2c` the master, `slave` called by it, and two plain targets.
// TIMINGR 0x00001317: SCL low 24 + 2 clocks, high 20 + 2: 48 clocks, 333 kHz.
#pragma once

#include "soc/stm32/i2c_v2.h"
#include "soc/stm32/i2c_v2_registers.h"
#include "stm32_i2c_target.h"

namespace bench::stm32 {

using namespace tinysim::stm32::i2c_v2;

inline constexpr Tick low = 26 * at_16_mhz, high = 22 * at_16_mhz, bit = low + high, byte = 9 * bit;
inline constexpr uint32_t timing = 0x00001317, own_address = 0x30;

struct Pair : Chip {
    tinysim::stm32::I2cV2 i2c{construction("i2c1", {{"frequency", 16'000'000}})};
    tinysim::stm32::I2cV2 slave{construction("i2c2", {{"frequency", 16'000'000}})};
    Target target, ten_bit_target;
    Pair() {
        i2c.i2c()->attach(address, target);
        i2c.i2c()->attach(tinysim::I2cWire::ten_bit | 0x2A5, ten_bit_target);
        i2c.i2c()->join(*slave.i2c());
        set(TIMINGR, timing);
        set(CR1, PE);
        slave_set(OAR1, OAEN | own_address << 1);
        slave_set(CR1, PE);
    }
    uint32_t get(uint32_t offset) { return i2c.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { i2c.write(offset, value, 4); }
    uint32_t slave_get(uint32_t offset) { return slave.read(offset, 4); }
    void slave_set(uint32_t offset, uint32_t value) { slave.write(offset, value, 4); }
    bool line(const char* name) { return i2c.output(name)->level(); }
    // A transfer's CR2, without START and what ends it.
    static uint32_t count(uint32_t bytes, uint32_t to = address) { return bytes << nbytes_at | to << 1; }
    void start(uint32_t control) { set(CR2, control | START); }
    // Polls ISR, as software does, in steps of one microsecond; gives up after 10 ms.
    bool wait_for(uint32_t flag) { return wait_for(i2c, flag); }
    bool slave_wait_for(uint32_t flag) { return wait_for(slave, flag); }
    bool wait_for(tinysim::stm32::I2cV2& block, uint32_t flag) {
        for (int i = 0; i < 10'000; ++i, run_for(microsecond))
            if ((block.read(ISR, 4) & flag) != 0) return true;
        return false;
    }
    void expect_stopped() {
        EXPECT(wait_for(STOPF));
        set(ICR, STOPF | NACKF);
        EXPECT_EQUAL(get(ISR), TXE);
    }
};

}  // namespace bench::stm32
