// The regulator's scale of the STM32F4 (RM0090 5.1.4, RM0390 5.1.3): PWR_CR.VOS and, on F42x and F446, the over-drive mode allow
// HCLK up to a limit. Chip parameters: hclk_vos_<VOS>_most_hz, hclk_vos_2_over_drive_most_hz (at VOS 3 over-drive allows all),
// over_drive_ns. Not modelled: that VOS takes effect with the PLL on only, under-drive.
#pragma once

#include <array>

#include "soc/stm32/oscillator.h"
#include "tinysim/registry.h"

namespace tinysim::stm32 {

class VoltageScale {
public:
    explicit VoltageScale(const Construction& construction);

    void state(Archive& archive);
    void reset(uint32_t cr);
    void follow(uint32_t cr);             // PWR_CR has been written
    uint32_t ready_bits() const;          // ODRDY and ODSWRDY of PWR_CSR
    void check(Tick hclk_ticks);          // HCLK has changed; 0: it stands still

private:
    unsigned vos() const { return cr_ >> 14 & 3; }
    int64_t most_hz() const;              // 0: no limit of its own

    Scheduler& scheduler_;
    Recorder& recorder_;
    const std::string name_;
    const std::array<int64_t, 4> most_hz_;
    const int64_t over_drive_most_hz_;
    Oscillator over_drive_, over_drive_switch_;
    Tick hclk_ticks_ = 0;
    uint32_t cr_ = 0;
    uint8_t warned_ = 0;                  // by VOS, from bit 4 on with over-drive
};

}  // namespace tinysim::stm32
