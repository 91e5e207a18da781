// USART and UART of the STM32F4 (SR, DR). RM0090 30. usart.cc: registers and flags; usart_wires.cc: the two wires, in
// bit times of the block's bus clock. Parameter synchronous: false is a UART (no GTPR, no clock, no flow control).
// Outputs beside IRQ: DmaTransmit, DmaReceive, levels of the two DMA requests. The host holds its bytes until the
// receiver is first switched on, and then sends them back to back: a receiver that is not read overruns.
// Assumed: an empty shift register takes DR at once; TE's idle frame comes in front of the first byte; a frame that is on
// the wire while the clock changes ends as it began. Not modelled: noise and framing errors (the host sends well), LIN,
// IrDA, smartcard, half duplex, mute mode, CTS and RTS, USART's clock pin (a gap when switched on).
#pragma once

#include <deque>

#include "soc/stm32/peripheral.h"
#include "tinysim/serial_port.h"

namespace tinysim::stm32 {

class Usart : public Peripheral, public SerialPort {
public:
    explicit Usart(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    SerialPort* serial() override { return this; }
    Line* output(std::string_view name) override;
    void receive(std::span<const uint8_t> bytes) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

private:
    enum class Frame : uint8_t { data, idle, pause };     // pause: a break character

    uint32_t read_dr();
    void write_dr(uint32_t written);
    void write_cr1(uint32_t written);
    void refuse_modes();
    void set_flags(uint32_t flags);
    void update_lines();

    Tick half_bits_ticks(unsigned half_bits) const;
    Tick frame_ticks() const;
    unsigned data_bits() const;
    bool transmits() const;
    bool receives() const;
    void begin(Frame frame, Tick from);
    void transmit_next(Tick from);
    void on_sent(Tick late);
    void listen(Tick from);
    void on_received(Tick late);
    void deliver(uint8_t byte);

    const uint16_t uart_;
    Event tx_event_, rx_event_, idle_event_;
    Line transmit_request_, receive_request_;
    uint32_t seen_ = 0;                   // flags of the last read of SR, for the sequences that clear them
    uint16_t tdr_ = 0, shift_ = 0, rdr_ = 0;
    Frame frame_ = Frame::data;
    bool sending_ = false, hearing_ = false;
    std::deque<uint8_t> host_;
    bool warned_baud_ = false, warned_overrun_ = false;
};

// Bits, shared by usart.cc and usart_wires.cc.
namespace usart {
enum Offset : uint32_t { SR = 0x00, DR = 0x04, BRR = 0x08, CR1 = 0x0C, CR2 = 0x10, CR3 = 0x14, GTPR = 0x18 };
enum Status : uint32_t {
    pe = 1u << 0, fe = 1u << 1, ne = 1u << 2, ore = 1u << 3, idle = 1u << 4, rxne = 1u << 5, tc = 1u << 6,
    txe = 1u << 7, lbd = 1u << 8, cts = 1u << 9
};
enum Control1 : uint32_t {
    send_break = 1u << 0, mute = 1u << 1, receiver = 1u << 2, transmitter = 1u << 3, idle_interrupt = 1u << 4,
    parity_interrupt = 1u << 8, parity = 1u << 10, nine_bits = 1u << 12, enable = 1u << 13, by_eight = 1u << 15
};
enum Control3 : uint32_t { error_interrupt = 1u << 0, dma_receive = 1u << 6, dma_transmit = 1u << 7 };
}  // namespace usart

}  // namespace tinysim::stm32
