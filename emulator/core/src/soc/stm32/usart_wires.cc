// The two wires of a USART: how long a frame lasts, what is sent next, what arrives.
#include "soc/stm32/usart.h"

namespace tinysim::stm32 {

using namespace usart;

namespace {
constexpr uint32_t least_divider = 16;
constexpr unsigned break_half_bits = 2 * 10;
}  // namespace

bool Usart::transmits() const { return (value(CR1) & (enable | transmitter)) == (enable | transmitter); }

bool Usart::receives() const { return (value(CR1) & (enable | receiver)) == (enable | receiver); }

unsigned Usart::data_bits() const { return (value(CR1) & nine_bits) != 0 ? 9 : 8; }      // parity is one of them

// RM0090 30.3.4: one bit is BRR clocks; with OVER8 the fraction has three bits and a bit is 8 * USARTDIV clocks.
Tick Usart::half_bits_ticks(unsigned half_bits) const {
    const uint32_t brr = value(BRR), clocks = (value(CR1) & by_eight) != 0 ? (brr >> 4) * 8 + (brr & 7) : brr;
    return static_cast<Tick>(clocks) * clock_ticks() * half_bits / 2;
}

Tick Usart::frame_ticks() const {
    static constexpr unsigned stop_half_bits[] = {2, 1, 4, 3};
    return half_bits_ticks(2 * (1 + data_bits()) + stop_half_bits[value(CR2) >> 12 & 3]);
}

void Usart::begin(Frame frame, Tick from) {
    if (value(BRR) < least_divider)
        return warn_once(warned_baud_, "the transmitter is on and BRR is below 16: nothing is sent");
    frame_ = frame;
    sending_ = true;
    scheduler_.at(tx_event_, from + (frame == Frame::pause ? half_bits_ticks(break_half_bits) : frame_ticks()));
}

void Usart::transmit_next(Tick from) {
    if (!transmits()) return;
    if ((value(SR) & txe) == 0) {
        begin(Frame::data, from);
        if (!sending_) return;
        shift_ = tdr_;
        set_flags(txe);
    } else if ((value(CR1) & send_break) != 0) {
        begin(Frame::pause, from);
    }
}

void Usart::on_sent(Tick late) {
    const Tick at = scheduler_.now() - late;
    sending_ = false;
    if (frame_ == Frame::data) recorder_.uart_byte(uart_, static_cast<uint8_t>(shift_));
    if (frame_ == Frame::pause) value(CR1) &= ~send_break;
    transmit_next(at);
    if (!sending_) set_flags(tc);
}

void Usart::receive(std::span<const uint8_t> bytes) {
    host_.insert(host_.end(), bytes.begin(), bytes.end());
    listen(scheduler_.now());
}

void Usart::listen(Tick from) {
    if (!receives() || hearing_ || host_.empty()) return;
    if (value(BRR) < least_divider) return warn_once(warned_baud_, "the receiver is on and BRR is below 16: the host's bytes wait");
    hearing_ = true;
    scheduler_.cancel(idle_event_);
    scheduler_.at(rx_event_, from + frame_ticks());
}

void Usart::on_received(Tick late) {
    const Tick at = scheduler_.now() - late;
    const uint8_t byte = host_.front();
    host_.pop_front();
    hearing_ = false;
    if (receives()) deliver(byte);
    listen(at);
    if (!hearing_ && receives()) scheduler_.at(idle_event_, at + frame_ticks());
}

void Usart::deliver(uint8_t byte) {
    if ((value(SR) & rxne) != 0) {
        ++recorder_.counter(name_ + ".overruns");
        warn_once(warned_overrun_, "a received byte is lost (ORE): DR had not been read");
        return set_flags(ore);
    }
    rdr_ = byte;
    set_flags(rxne);
}

}  // namespace tinysim::stm32
