// The bench for I2C v1: a clocked chip with a target at 0x19 and one with the 10-bit address 0x2A5; a second block as slave.
// At 16 MHz CCR 80 is 100 kHz; fast mode with CCR 14 is 42 clocks low and high together.
#pragma once

#include "soc/stm32/i2c_v1.h"
#include "stm32_i2c_target.h"

namespace bench::stm32 {

using namespace tinysim::stm32::i2c_v1;

inline constexpr uint32_t own_address = 0x30;
inline constexpr Tick half = 80 * at_16_mhz, bit = 2 * half, byte = 9 * bit;
struct I2c : ClockedChip {
    tinysim::stm32::I2cV1 i2c{construction("i2c1", {{"gate", 0x4015}}, {{"rcc", &rcc}})};
    Target target, ten_bit_target;
    explicit I2c(uint32_t ccr = 80) {
        i2c.i2c()->attach(address, target);
        i2c.i2c()->attach(tinysim::I2cWire::ten_bit | 0x2A5, ten_bit_target);
        rcc_set(APB1ENR, 1 << 21);
        set(CR2, 16);
        set(CCR, ccr);
        set(CR1, PE);
    }
    uint32_t get(uint32_t offset) { return i2c.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { i2c.write(offset, value, 4); }
    void add(uint32_t bits) { set(CR1, get(CR1) | bits); }
    void drop(uint32_t bits) { set(CR1, get(CR1) & ~bits); }
    bool line(const char* name) { return i2c.output(name)->level(); }
    // Polls SR1, as software does, in steps of one microsecond; gives up after 10 ms.
    bool wait_for(uint32_t flag) {
        for (int i = 0; i < 10'000; ++i, run_for(microsecond))
            if ((get(SR1) & flag) != 0) return true;
        return false;
    }
    void start() {
        add(START);
        EXPECT(wait_for(SB));
    }
    void send_address(bool is_read) {
        start();
        set(DR, address << 1 | is_read);
        EXPECT(wait_for(ADDR));
    }
    void clear_addr() {
        get(SR1);
        get(SR2);
    }
    void wait_idle() {
        for (int i = 0; i < 10'000 && (get(SR2) & BUSY) != 0; ++i) run_for(microsecond);
        EXPECT_EQUAL(get(SR2), 0);
        EXPECT_EQUAL(get(CR1) & (START | STOP), 0);
    }
};

// `i2c` is the master, `slave` is called by it.
struct Pair : I2c {
    tinysim::stm32::I2cV1 slave{construction("i2c2", {{"gate", 0x4016}}, {{"rcc", &rcc}})};
    explicit Pair(uint32_t control = PE | ACK) {
        rcc_set(APB1ENR, 3 << 21);
        i2c.i2c()->join(*slave.i2c());
        slave_set(OAR1, 0x4000 | own_address << 1);
        slave_set(CR1, PE);
        slave_set(CR1, control);
    }
    uint32_t slave_get(uint32_t offset) { return slave.read(offset, 4); }
    void slave_set(uint32_t offset, uint32_t value) { slave.write(offset, value, 4); }
    bool slave_wait_for(uint32_t flag) {
        for (int i = 0; i < 10'000; ++i, run_for(microsecond))
            if ((slave_get(SR1) & flag) != 0) return true;
        return false;
    }
    void call(uint32_t to, bool is_read) {
        start();
        set(DR, to << 1 | is_read);
        EXPECT(wait_for(ADDR | AF));
    }
    void slave_clear_addr() {
        slave_get(SR1);
        slave_get(SR2);
    }
};

}  // namespace bench::stm32
