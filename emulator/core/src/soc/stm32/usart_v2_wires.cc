// The two wires of a USART of the second generation: how long a frame lasts, what is sent next, what arrives.
#include <bit>

#include "soc/stm32/usart_v2.h"
#include "soc/stm32/usart_v2_registers.h"

namespace tinysim::stm32 {

using namespace usart_v2;

namespace {
constexpr uint32_t least_divider = 16, least_low_power_divider = 0x300, low_power_scale = 256;
constexpr unsigned break_half_bits = 2 * 10;
constexpr uint32_t timeout_mask = 0x00FFFFFF;
constexpr unsigned prescalers[16] = {1, 2, 4, 6, 8, 10, 12, 16, 32, 64, 128, 256, 256, 256, 256, 256};
}  // namespace

bool UsartV2::transmits() const { return (value(CR1) & (UE | TE)) == (UE | TE); }

bool UsartV2::receives() const { return (value(CR1) & (UE | RE)) == (UE | RE); }

unsigned UsartV2::data_bits() const { return (value(CR1) & M1) != 0 ? 7 : (value(CR1) & M0) != 0 ? 9 : 8; }

// RM0351 40.5.4: one bit is BRR clocks; with OVER8 BRR's low four bits are shifted right by one. LPUART: BRR / 256 clocks.
Tick UsartV2::half_bits_ticks(unsigned half_bits) const {
    const uint32_t brr = value(BRR);
    const Tick clock = kernel_ticks() * (fifo_ ? prescalers[value(PRESC)] : 1);
    if (low_power_) return static_cast<Tick>(brr) * clock * half_bits / (2 * low_power_scale);
    const uint32_t clocks = (value(CR1) & OVER8) != 0 ? (brr >> 4) * 8 + (brr & 7) : brr;
    return static_cast<Tick>(clocks) * clock * half_bits / 2;
}

Tick UsartV2::frame_ticks() const {
    static constexpr unsigned stop_half_bits[] = {2, 1, 4, 3};
    return half_bits_ticks(2 * (1 + data_bits()) + stop_half_bits[value(CR2) >> 12 & 3]);
}

bool UsartV2::has_baud(const char* what) {
    const char* why = value(BRR) < (low_power_ ? least_low_power_divider : least_divider) ? " is on and BRR is below its least value"
                      : kernel_ticks() == 0 ? " is on and the clock that RCC_CCIPR selects does not run" : nullptr;
    if (why == nullptr) return true;
    const std::string text = std::string(what) + why + ": no bit passes";
    warn_once(warned_baud_, text.c_str());
    return false;
}

void UsartV2::on_clock_changed() {
    if (!sending_) transmit_next(scheduler_.now());
    listen(scheduler_.now());
}

void UsartV2::begin(Frame frame, Tick from) {
    if (!has_baud("the transmitter")) return;
    frame_ = frame;
    sending_ = true;
    scheduler_.at(tx_event_, from + (frame == Frame::pause ? half_bits_ticks(break_half_bits) : frame_ticks()));
}

void UsartV2::transmit_next(Tick from) {
    if (!transmits()) return;
    if (break_asked_) return begin(Frame::pause, from);
    if (transmit_.empty()) return;
    begin(Frame::data, from);
    if (!sending_) return;
    shift_ = transmit_.front();
    transmit_.pop_front();
    update_lines();
}

void UsartV2::on_sent(Tick late) {
    const Tick at = scheduler_.now() - late;
    sending_ = false;
    if (frame_ == Frame::data) {
        const unsigned bits = data_bits() - ((value(CR1) & PCE) != 0 ? 1 : 0);
        recorder_.uart_byte(uart_, static_cast<uint8_t>(shift_ & ((1u << bits) - 1)));
        if ((value(CR3) & HDSEL) != 0 && receives()) deliver(shift_);
    }
    if (frame_ == Frame::pause) break_asked_ = false;
    transmit_next(at);
    if (!sending_) set_flags(TC);
}

void UsartV2::receive(std::span<const uint8_t> bytes) {
    host_.insert(host_.end(), bytes.begin(), bytes.end());
    listen(scheduler_.now());
}

void UsartV2::listen(Tick from) {
    if (!receives() || hearing_ || host_.empty() || !has_baud("the receiver")) return;
    hearing_ = true;
    for (Event* event : {&idle_event_, &timeout_event_}) scheduler_.cancel(*event);
    scheduler_.at(rx_event_, from + frame_ticks());
}

void UsartV2::on_received(Tick late) {
    const Tick at = scheduler_.now() - late;
    const uint8_t byte = host_.front();
    host_.pop_front();
    hearing_ = false;
    if (receives()) deliver(framed(byte));
    listen(at);
    if (hearing_ || !receives()) return;
    scheduler_.at(idle_event_, at + frame_ticks());
    if (!low_power_ && (value(CR2) & RTOEN) != 0)
        scheduler_.at(timeout_event_, at + half_bits_ticks(2) * static_cast<Tick>(value(RTOR) & timeout_mask));
}

// The host's byte as it stands in RDR: cut to the word, with the parity that the receiver expects as its last bit.
uint16_t UsartV2::framed(uint8_t byte) const {
    const uint32_t control = value(CR1);
    const bool has_parity = (control & PCE) != 0;
    const unsigned bits = data_bits() - (has_parity ? 1 : 0);
    const uint32_t word = byte & ((1u << bits) - 1);
    const uint32_t odd = static_cast<uint32_t>(std::popcount(word)) & 1, parity = odd ^ ((control & PS) != 0 ? 1u : 0u);
    return static_cast<uint16_t>(has_parity ? word | parity << bits : word);
}

void UsartV2::deliver(uint16_t word) {
    flags_ |= std::exchange(next_errors_, 0);
    if ((word & 0xFF) == value(CR2) >> 24) flags_ |= CMF;
    if (receive_.size() == receive_depth()) {
        ++recorder_.counter(name_ + ".overruns");
        warn_once(warned_overrun_, "a received byte is lost (ORE): RDR had not been read");
        if ((value(CR3) & OVRDIS) == 0) return set_flags(ORE);
        receive_.pop_back();
    }
    receive_.push_back(word);
    update_lines();
}

}  // namespace tinysim::stm32
