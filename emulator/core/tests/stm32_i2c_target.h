// A plain target for the benches of both I2C generations, and SMBus' code of a message.
#pragma once

#include "soc/stm32/i2c_smbus.h"
#include "stm32_bench.h"

namespace bench::stm32 {

namespace smbus = tinysim::stm32::smbus;

inline constexpr uint8_t address = 0x19;

inline uint8_t code_of(std::initializer_list<uint32_t> bytes) {
    uint8_t code = 0;
    for (uint32_t each : bytes) code = smbus::with_byte(code, static_cast<uint8_t>(each));
    return code;
}

struct Target : tinysim::I2cTarget {
    std::string written;
    int starts = 0, stops = 0, refuse_byte = -1;
    uint8_t next = 0x10;
    bool start(bool) override { return ++starts, true; }
    bool write(uint8_t value) override {
        written.push_back(static_cast<char>(value));
        return static_cast<int>(written.size()) - 1 != refuse_byte;
    }
    uint8_t read() override { return next++; }
    void stop() override { ++stops; }
};

}  // namespace bench::stm32
