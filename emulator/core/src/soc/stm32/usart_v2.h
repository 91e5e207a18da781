// USART, UART and LPUART of the STM32L4 (ISR, ICR, RDR, TDR): RM0351 40 and 41; with the parameter fifo those of the L4+
// (RM0432 46 and 47: FIFO of 8, prescaler). usart_v2.cc: registers, flags, FIFO; usart_v2_wires.cc: the two wires, in bit times of
// the clock that CCIPR selects. Parameters fifo, lowPowerMode (an LPUART: 256 clocks per BRR). Outputs beside IRQ: DmaTransmit,
// DmaReceive. Inputs 0, 1, 2: the next frame that arrives has a framing, noise or parity error. The host holds its bytes
// until the receiver is first switched on, and then sends them back to back: a receiver that is not read overruns.
// Assumed: an empty shift register takes TDR at once; TE's idle frame comes first; a frame ends as it began when the clock
// changes; registers that are locked while UE is set can be written; error flags of bytes in the FIFO are set when they
// arrive. Not modelled (a gap when switched on): LIN, IrDA, smartcard, mute mode, auto baud, CTS and RTS, the clock pin, wake
// from Stop; without a finding: inversion, bit order.
#pragma once

#include <deque>

#include "soc/stm32/peripheral.h"
#include "tinysim/serial_port.h"

namespace tinysim::stm32 {

class UsartV2 : public Peripheral, public SerialPort {
public:
    explicit UsartV2(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    SerialPort* serial() override { return this; }
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;
    void receive(std::span<const uint8_t> bytes) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override;

private:
    enum class Frame : uint8_t { data, idle, pause };     // pause: a break character

    uint32_t status() const;
    uint32_t read_rdr();
    void write_tdr(uint32_t written);
    void write_cr1(uint32_t written);
    void write_rqr(uint32_t written);
    void refuse_modes();
    void discard_all();                   // UE falls
    void set_flags(uint32_t flags);
    void update_lines();
    bool wants_interrupt(uint32_t status) const;
    bool has_fifo() const;
    size_t transmit_depth() const;
    size_t receive_depth() const;

    Tick half_bits_ticks(unsigned half_bits) const;
    Tick frame_ticks() const;
    unsigned data_bits() const;           // with the parity bit
    bool transmits() const;
    bool receives() const;
    bool has_baud(const char* what);
    void begin(Frame frame, Tick from);
    void transmit_next(Tick from);
    void on_sent(Tick late);
    void listen(Tick from);
    void on_received(Tick late);
    void deliver(uint16_t word);
    uint16_t framed(uint8_t byte) const;

    const bool low_power_, fifo_;
    const uint16_t uart_;
    Event tx_event_, rx_event_, idle_event_, timeout_event_;
    Line transmit_request_, receive_request_;
    uint32_t flags_ = 0;                  // those of ISR that stay until ICR
    uint32_t next_errors_ = 0;            // of the next frame that arrives
    std::deque<uint16_t> transmit_, receive_;
    uint16_t shift_ = 0, last_read_ = 0;
    Frame frame_ = Frame::data;
    bool sending_ = false, hearing_ = false, break_asked_ = false;
    std::deque<uint8_t> host_;
    bool warned_baud_ = false, warned_overrun_ = false;
};

}  // namespace tinysim::stm32
