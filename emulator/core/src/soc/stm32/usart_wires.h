// What both generations of the USART do on their wires: frames out and in, break, idle line, half duplex, IrDA, LIN, mute mode,
// CTS and RTS. RM0090 30.3, RM0351 40.5. The registers are the derived block's.
// Outputs beside IRQ: DmaTransmit, DmaReceive (levels of the two DMA requests), Rts (with DEM the driver's enable). Input 0:
// CTS. RTS and CTS high: stop.
// The host (serial_line.h) holds its bytes until the receiver is first switched on, and then sends them back to back, unless
// RTS holds it: a receiver that is not read overruns.
// Assumed: an empty shift register takes a word at once; TE's idle frame comes in front of the first word; a frame that is on
// the wire while the clock changes ends as it began; RXNE comes at the stop bit's end, the next start bit is looked for from
// its middle on; whoever is at the other end has the same bit order, inversion, pin swap and IrDA coding (a host waits while
// an IrDA block sends).
// Not modelled: smartcard, the clock pin (gaps when switched on); the driver enable's lead and tail (DEAT, DEDT); the width of
// IrDA's pulses.
#pragma once

#include "soc/stm32/peripheral.h"
#include "soc/stm32/serial_line.h"
#include "soc/stm32/usart_bits.h"
#include "tinysim/serial_port.h"

namespace tinysim::stm32 {

class UsartWires : public Peripheral, public SerialPort {
public:
    void state(Archive& archive) override;
    void reset() override;
    SerialPort* serial() override { return this; }
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;
    void receive(std::span<const uint8_t> bytes) override { receive_wrong(bytes, LineFault::none, 0); }
    bool receive_wrong(std::span<const uint8_t> bytes, LineFault fault, uint32_t baud_hz) override;
    bool join(SerialPort& other) override;

protected:
    struct Controls { uint32_t cr1, cr2, cr3, gtpr, enable; };    // offsets (gtpr 0: there is none), and the mask of UE
    static constexpr Tick longest_frame = Tick{1} << 56;          // hours; times the half bits of a frame it fits in a Tick
    UsartWires(const Construction& construction, RegisterTable table, Controls controls);

    // The registers' side of the block.
    virtual unsigned data_bits() const = 0;                       // with the parity bit
    virtual Tick half_bits_ticks(unsigned half_bits) const = 0;
    virtual const char* why_no_baud() const = 0;                  // null: bits can pass
    virtual bool has_word() const = 0;
    virtual uint16_t take_word() = 0;
    virtual bool wants_break() const = 0;
    virtual void on_break_sent() = 0;
    virtual bool has_room() const = 0;                            // for a word that arrives
    virtual void deliver(uint16_t word, uint32_t faults) = 0;     // PE, FE, NE
    virtual void set_flags(uint32_t flags) = 0;                   // IDLE, TC, LBD, CTSIF
    virtual void update_lines() = 0;
    virtual void on_start_bit(Tick at) { (void)at; }
    virtual void on_silence(Tick from) { (void)from; }            // the line is high and nobody sends
    virtual bool has_mute_mode() const = 0;
    virtual bool is_mute() const = 0;
    virtual void set_mute(bool is_mute) = 0;
    virtual bool is_my_address(uint16_t word) const = 0;

    void on_clock_changed() override;
    void wait_in_stop(StopsWith clock);                           // with all that is on its way
    bool enables(uint32_t control1) const { return (value(controls_.cr1) & control1) != 0; }
    bool selects(uint32_t control2) const { return (value(controls_.cr2) & control2) != 0; }
    bool is_on(uint32_t control3) const { return (value(controls_.cr3) & control3) != 0; }
    bool transmits() const;
    bool receives() const;
    bool is_hearing() const { return hearing_; }
    bool may_send() const { return !is_on(usart::CTSE) || !cts_; }
    FrameFormat format() const;
    void refuse_modes();
    void set_requests(uint32_t status, bool may_receive = true);  // DMA and RTS follow the flags
    void control_changed(bool was_transmitting);                  // CR1 has been written
    void transmit_next();
    void listen();
    void quiet();                                                 // nothing is on its way any more
    void lose_word(const char* text);

    SerialLine line_;

private:
    enum class Frame : uint8_t { data, idle, pause };             // pause: a break character

    bool has_baud(const char* what);
    bool is_deaf() const { return is_on(usart::IREN) && sending_ && frame_ != Frame::idle; }
    void begin(Frame frame);
    void put_on_wires(const WireFrame& frame);
    void hear(const WireFrame& frame);
    void listen(Tick from);
    void on_sent();
    void on_received();
    void on_idle_line();
    bool passes_mute(uint16_t word);
    void watch_break();

    const Controls controls_;
    const uint16_t uart_;
    Event tx_event_, rx_event_, idle_event_, break_event_;
    Line transmit_request_, receive_request_, rts_;
    UsartWires* peer_ = nullptr;
    Tick start_ = 0;                                              // of the frame that arrives,
    FrameFormat arriving_;                                        // as the registers were then
    uint16_t shift_ = 0;
    Frame frame_ = Frame::data;
    bool sending_ = false, hearing_ = false, cts_ = false;
    bool warned_baud_ = false, warned_overrun_ = false, warned_infrared_ = false;
};

}  // namespace tinysim::stm32
