// EXTI of the STM32F4 (RM0090 12, lines 0..22) and of the STM32L4 (RM0351 14, lines 0..39 in two banks of registers): edges
// on its inputs become pending bits and interrupts. Outputs are levels (PR and IMR), the platform file ORs those that
// share an interrupt; a line that EMR lets through wakes a WFE. Event<n> pulses with each
// edge that RTSR and FTSR let through: triggers of ADC and DAC. Edges count in Stop, too. Not modelled: the L4's direct lines
// (blocks that run in Stop interrupt the CPU on their own, whatever IMR says of their line).
#pragma once

#include <array>

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Exti : public Peripheral {
public:
    explicit Exti(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    void write_register(uint32_t offset, uint32_t written) override;

    Exti(const Construction& construction, RegisterTable table, unsigned lines);

private:
    static constexpr unsigned most_lines = 40, lines_per_bank = 32;
    void on_edge(unsigned line, bool rising);
    void refresh();

    SystemRequests& system_;
    const unsigned lines_;
    std::array<Line, most_lines> outputs_, events_;
};

class L4Exti : public Exti {
public:
    explicit L4Exti(const Construction& construction);
};

}  // namespace tinysim::stm32
