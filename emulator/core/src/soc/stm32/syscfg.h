// SYSCFG of the STM32F4 (RM0090 9, RM0390 8; parameter series as of RCC) and the STM32L4 (RM0351 9, RM0432 9 with the parameter
// plus): which port's pin reaches which EXTI line. Input 16 * port + pin, outputs "0".."15". MEMRMP.FB_MODE is output "BankSwap" to
// the flash controller, whose "Boot2" at input 176 is its value after a reset.
// Not modelled: MEMRMP's other fields (a remap is warned of: address 0 shows the flash), PMC's, CFGR's and CFGR1's effects, the F4's
// compensation cell (its READY follows its enable at once), the L4's SRAM2 erase (a gap) and write protection.
#pragma once

#include <array>

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Syscfg : public Peripheral {
public:
    explicit Syscfg(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

    Syscfg(const Construction& construction, RegisterTable table);

private:
    static constexpr unsigned ports = 11, lines = 16;
    unsigned port_of(unsigned line) const;
    void refresh(unsigned line);

    std::array<uint16_t, 16> levels_{};   // of each port's pins
    std::array<Line, lines> outputs_;
    Line bank_swap_;
    bool starts_swapped_ = false, warned_remap_ = false;
};

class L4Syscfg : public Syscfg {
public:
    explicit L4Syscfg(const Construction& construction);

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
};

}  // namespace tinysim::stm32
