#include "soc/stm32/usart_wires.h"

#include <algorithm>

namespace tinysim::stm32 {

using namespace usart;

namespace {
constexpr int wire_priority = 50, ear_priority = 49;               // RTS rises before the peer looks at its CTS
constexpr unsigned lin_break_bits = 13;
constexpr uint32_t infrared_prescaler = 0xFF;
constexpr unsigned stop_half_bits[] = {2, 1, 4, 3};               // CR2.STOP: 1, 0.5, 2, 1.5
}  // namespace

UsartWires::UsartWires(const Construction& construction, RegisterTable table, Controls controls)
    : Peripheral(construction, table, Bridge::apb), controls_(controls), uart_(construction.recorder.name_uart(construction.name)),
      tx_event_(name_ + ".tx", wire_priority, [this](Tick) { on_sent(); }),
      rx_event_(name_ + ".rx", ear_priority, [this](Tick) { on_received(); }),
      idle_event_(name_ + ".idle", wire_priority, [this](Tick) { on_idle_line(); }),
      break_event_(name_ + ".break", wire_priority, [this](Tick) { set_flags(LBD); }) {}

void UsartWires::reset() {
    Peripheral::reset();
    quiet();
    shift_ = 0;
}

void UsartWires::wait_in_stop(StopsWith clock) {
    Peripheral::wait_in_stop({&tx_event_, &rx_event_, &idle_event_, &break_event_}, clock);
}

void UsartWires::on_clock_changed() {
    transmit_next();
    listen();
}

void UsartWires::quiet() {
    for (Event* event : {&tx_event_, &rx_event_, &idle_event_, &break_event_}) scheduler_.cancel(*event);
    sending_ = hearing_ = false;
}

Line* UsartWires::output(std::string_view name) {
    if (name == "DmaTransmit") return &transmit_request_;
    if (name == "DmaReceive") return &receive_request_;
    if (name == "Rts") return &rts_;
    return Peripheral::output(name);
}

std::optional<Line::Sink> UsartWires::input(unsigned number) {
    if (number != 0) return std::nullopt;
    return [this](bool level) {
        cts_ = level;
        if (!is_on(CTSE)) return;
        set_flags(CTSIF);
        transmit_next();
    };
}

bool UsartWires::transmits() const { return enables(controls_.enable) && enables(TE); }

bool UsartWires::receives() const { return enables(controls_.enable) && enables(RE); }

FrameFormat UsartWires::format() const {
    const unsigned half_bits = 2 * (1 + data_bits()) + stop_half_bits[value(controls_.cr2) >> stop_at & 3];
    return {.ticks = half_bits_ticks(half_bits), .half_bits = half_bits, .data_bits = data_bits(), .has_parity = enables(PCE), .is_odd = enables(PS)};
}

void UsartWires::refuse_modes() {
    if (selects(CLKEN) || is_on(SCEN)) not_modelled();
}

void UsartWires::set_requests(uint32_t status, bool may_receive) {
    transmit_request_.set(is_on(DMAT) && transmits() && (status & TXE) != 0);
    receive_request_.set(is_on(DMAR) && (status & RXNE) != 0 && may_receive);
    rts_.set(is_on(DEM) ? sending_ != is_on(DEP) : is_on(RTSE) && !(receives() && has_room()));
}

void UsartWires::control_changed(bool was_transmitting) {
    if (transmits() && !was_transmitting && !sending_ && has_baud("the transmitter")) begin(Frame::idle);
    transmit_next();
    if (!receives())
        for (Event* event : {&idle_event_, &break_event_}) scheduler_.cancel(*event);
    listen();
}

bool UsartWires::has_baud(const char* what) {
    const bool lacks_pulses = is_on(IREN) && controls_.gtpr != 0 && (value(controls_.gtpr) & infrared_prescaler) == 0;
    const char* why = lacks_pulses ? "GTPR.PSC is 0 in IrDA mode" : why_no_baud();
    if (why == nullptr) return true;
    const std::string text = std::string(what) + " is on and " + why + ": no bit passes";
    warn_once(warned_baud_, text.c_str());
    return false;
}

// ---- out ----

void UsartWires::begin(Frame frame) {
    const Tick from = scheduler_.moment();
    const FrameFormat own = format();
    frame_ = frame;
    sending_ = true;
    WireFrame wire{.begin = from, .end = from + own.ticks};
    if (frame == Frame::data) wire = data_frame(shift_, own, from);
    if (frame == Frame::pause) wire = break_frame(selects(LINEN) ? lin_break_bits : 2 + own.data_bits, own, from);
    scheduler_.at(tx_event_, wire.end);
    update_lines();
    if (frame != Frame::idle) put_on_wires(wire);
}

// RM0090 30.3.12: IrDA is half duplex; a frame is not encoded while another one arrives, nor decoded while one is sent.
void UsartWires::put_on_wires(const WireFrame& frame) {
    if (is_on(IREN) && hearing_) return warn_once(warned_infrared_, "in IrDA mode a word is sent while one arrives: it does not leave the chip");
    if (is_on(HDSEL)) hear(frame);
    if (peer_ != nullptr) peer_->hear(frame);
}

void UsartWires::transmit_next() {
    if (sending_ || !transmits() || !may_send() || !(wants_break() || has_word()) || !has_baud("the transmitter")) return;
    if (wants_break()) return begin(Frame::pause);
    shift_ = format().with_parity(take_word());
    begin(Frame::data);
}

void UsartWires::on_sent() {
    sending_ = false;
    if (frame_ == Frame::data) recorder_.uart_byte(uart_, static_cast<uint8_t>(shift_ & ((1u << format().payload_bits()) - 1)));
    if (frame_ == Frame::pause) on_break_sent();
    transmit_next();
    if (!sending_ && !has_word()) set_flags(TC);
    if (is_on(IREN)) listen();
}

// ---- in ----

bool UsartWires::receive_wrong(std::span<const uint8_t> bytes, LineFault fault, uint32_t baud_hz) {
    line_.queue(bytes, fault, baud_hz);
    listen();
    return true;
}

bool UsartWires::join(SerialPort& other) {
    auto* peer = dynamic_cast<UsartWires*>(&other);
    if (peer == nullptr) return false;
    peer_ = peer;
    peer->peer_ = this;
    return true;
}

void UsartWires::hear(const WireFrame& frame) {
    if (!receives() || is_deaf() || !has_baud("the receiver")) return;
    line_.put(frame);
    listen();
}

void UsartWires::listen() { listen(scheduler_.moment()); }

// Looks for the next start bit, from `from` on.
void UsartWires::listen(Tick from) {
    if (!receives() || hearing_ || is_deaf() || line_.is_silent() || !has_baud("the receiver")) return;
    line_.forget(from);
    const FrameFormat own = format();
    if (!is_on(RTSE) || has_room()) line_.send_host(scheduler_.moment(), from + own.ticks, own, scheduler_.ticks_per_second());
    start_ = line_.next_start(from, own);
    if (start_ == never) return;
    hearing_ = true;
    scheduler_.cancel(idle_event_);
    on_start_bit(start_);
    arriving_ = format();
    scheduler_.at(rx_event_, start_ + arriving_.ticks);
}

void UsartWires::on_received() {
    const HeardFrame heard = line_.hear(start_, arriving_);
    hearing_ = false;
    if (receives()) {
        if (selects(LINEN) && heard.is_low) watch_break();
        if (passes_mute(heard.word))
            deliver(heard.word, when(heard.framing_error, FE) | when(heard.parity_error, PE) | when(heard.noise && !is_on(ONEBIT), NE));
    }
    listen(start_ + arriving_.at_half_bit(2 * (1 + arriving_.data_bits) + 1));
    if (hearing_ || !receives()) return;
    const Tick silent_from = line_.next_high(scheduler_.moment());
    scheduler_.at(idle_event_, silent_from + format().ticks);
    on_silence(silent_from);
}

void UsartWires::on_idle_line() {
    if (!is_mute()) return set_flags(IDLE);
    if (!enables(WAKE)) set_mute(false);
}

// RM0090 30.3.6. An address mark has the top bit set; it decides and, if it is ours, is received.
bool UsartWires::passes_mute(uint16_t word) {
    if (!has_mute_mode()) return true;
    const uint32_t mark = 1u << (format().payload_bits() - 1);
    if (enables(WAKE) && (word & mark) != 0) set_mute(!is_my_address(word));
    return !is_mute();
}

// A LIN break ends with the line's rise (RM0090 30.3.8, LBDL: after 10 or 11 bits).
void UsartWires::watch_break() {
    const Tick rise = line_.next_high(start_);
    if (rise - start_ >= half_bits_ticks(2 * (selects(LBDL) ? 11 : 10))) scheduler_.at(break_event_, std::max(rise, scheduler_.moment()));
}

void UsartWires::lose_word(const char* text) {
    ++recorder_.counter(name_ + ".overruns");
    warn_once(warned_overrun_, text);
}

void UsartWires::state(Archive& archive) {
    Peripheral::state(archive);
    archive(line_, tx_event_, rx_event_, idle_event_, break_event_, transmit_request_, receive_request_, rts_, start_, arriving_, shift_,
            frame_, sending_, hearing_, cts_, warned_baud_, warned_overrun_, warned_infrared_);
}

}  // namespace tinysim::stm32
