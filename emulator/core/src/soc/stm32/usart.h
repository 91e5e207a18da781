// USART and UART of the STM32F4 (SR, DR). RM0090 30. Parameter synchronous: false is a UART (no GTPR, no clock pin, no flow
// control). usart_wires.h: what passes on the wires, the outputs and inputs, and what is not modelled.
#pragma once

#include "soc/stm32/usart_wires.h"

namespace tinysim::stm32 {

class Usart : public UsartWires {
public:
    explicit Usart(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

    unsigned data_bits() const override;
    Tick half_bits_ticks(unsigned half_bits) const override;
    const char* why_no_baud() const override;
    bool has_word() const override;
    uint16_t take_word() override;
    bool wants_break() const override;
    void on_break_sent() override;
    bool has_room() const override;
    void deliver(uint16_t word, uint32_t faults) override;
    void set_flags(uint32_t flags) override;
    void update_lines() override;
    bool has_mute_mode() const override { return true; }
    bool is_mute() const override;
    void set_mute(bool is_mute) override;
    bool is_my_address(uint16_t word) const override;

private:
    uint32_t read_dr();
    void write_dr(uint32_t written);
    void write_cr1(uint32_t written);

    uint32_t seen_ = 0;                   // flags of the last read of SR, for the sequences that clear them
    uint16_t tdr_ = 0, rdr_ = 0;
};

}  // namespace tinysim::stm32
