// What RCC and PWR tell a node that cares about the CPU's clock: the flash controller checks its wait states.
// RCC finds it by an attribute of its .repl entry (`flash: flash_controller`) or as any node of the chip that is one.
#pragma once

#include <cstdint>

namespace tinysim::stm32 {

// STM32L4, PWR_CR1.VOS and PWR_CR5.R1MODE; STM32F4 has one table per supply voltage and stays in range_1.
enum class VoltageRange : uint8_t { range_1, range_1_boost, range_2 };

class ClockListener {
public:
    virtual ~ClockListener() = default;
    virtual void clock_changed(int64_t hclk_hz) = 0;                // after each change of HCLK, and once after reset
    virtual void voltage_range_changed(VoltageRange range) = 0;     // before the clock change that it allows
};

}  // namespace tinysim::stm32
