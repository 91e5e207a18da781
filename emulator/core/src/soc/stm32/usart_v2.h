// USART, UART and LPUART of the STM32L4 (ISR, ICR, RDR, TDR): RM0351 40 and 41; with the parameter fifo those of the L4+
// (RM0432 46 and 47: FIFO of 8, prescaler). usart_v2.cc: registers, flags, FIFO; usart_v2_modes.cc: bit times of the clock that
// CCIPR selects, time-out, auto baud. Parameters fifo, lowPowerMode (an LPUART: 256 clocks per BRR). usart_wires.h: what passes on
// the wires, the outputs and inputs, and what is not modelled there.
// Assumed: registers that are locked while UE is set can be written; EOBF counts in all modes. Not modelled: the wake-up of a
// chip in Stop (WUF and its interrupt are).
#pragma once

#include <deque>

#include "soc/stm32/usart_wires.h"

namespace tinysim::stm32 {

class UsartV2 : public UsartWires {
public:
    explicit UsartV2(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

    unsigned data_bits() const override;
    Tick half_bits_ticks(unsigned half_bits) const override;
    const char* why_no_baud() const override;
    bool has_word() const override { return !transmit_.empty(); }
    uint16_t take_word() override;
    bool wants_break() const override { return break_asked_; }
    void on_break_sent() override { break_asked_ = false; }
    bool has_room() const override { return receive_.size() < receive_depth(); }
    void deliver(uint16_t word, uint32_t faults) override;
    void set_flags(uint32_t flags) override;
    void update_lines() override;
    void on_start_bit(Tick at) override;
    void on_silence(Tick from) override;
    bool has_mute_mode() const override;
    bool is_mute() const override;
    void set_mute(bool is_mute) override;
    bool is_my_address(uint16_t word) const override;

private:
    uint32_t status() const;
    uint32_t read_rdr();
    void write_tdr(uint32_t written);
    void write_cr1(uint32_t written);
    void write_rqr(uint32_t written);
    void clear_flags(uint32_t flags);
    void discard_all();                   // UE falls
    bool wants_interrupt(uint32_t status) const;
    void show_faults();                   // of the word that RDR has now
    void wake_on(uint32_t what);
    void measure_baud(Tick start);
    bool has_fifo() const;
    size_t transmit_depth() const;
    size_t receive_depth() const;

    const bool low_power_, fifo_;
    Event timeout_event_;
    uint32_t flags_ = 0;                  // those of ISR that are not found from the rest
    uint32_t block_words_ = 0;            // received, for EOBF
    std::deque<uint16_t> transmit_;
    std::deque<uint16_t> receive_;        // word, and its PE, FE, NE above
    uint16_t last_read_ = 0;
    bool break_asked_ = false;
};

}  // namespace tinysim::stm32
