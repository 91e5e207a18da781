#include "soc/stm32/usart.h"

namespace tinysim::stm32 {

using namespace usart;

namespace {
constexpr uint32_t sr_reset = 0xC0;
constexpr Register synchronous_table[] = {
    {"SR", sr_reset, 0}, {"DR", 0, 0}, {"BRR", 0, 0xFFFF}, {"CR1", 0, 0xBFFF}, {"CR2", 0, 0x7F6F}, {"CR3", 0, 0x0FFF},
    {"GTPR", 0, 0xFFFF},
};
constexpr Register asynchronous_table[] = {
    {"SR", sr_reset, 0}, {"DR", 0, 0}, {"BRR", 0, 0xFFFF}, {"CR1", 0, 0xBFFF}, {"CR2", 0, 0x706F}, {"CR3", 0, 0x08CF},
};
constexpr uint32_t cleared_by_dr_read = pe | fe | ne | ore | idle, cleared_by_zero = cts | lbd | tc | rxne;
constexpr uint32_t lin_or_clock = 1u << 14 | 1u << 11;                      // CR2
constexpr uint32_t special_modes = 1u << 1 | 1u << 3 | 1u << 5 | 1u << 8 | 1u << 9;     // CR3: IREN HDSEL SCEN RTSE CTSE
constexpr int wire_priority = 50;

bool is_synchronous(const Construction& construction) { return construction.number("synchronous", 1) != 0; }
}  // namespace

Usart::Usart(const Construction& construction)
    : Peripheral(construction, is_synchronous(construction) ? RegisterTable(synchronous_table) : RegisterTable(asynchronous_table),
                 Bridge::apb),
      uart_(construction.recorder.name_uart(construction.name)),
      tx_event_(name_ + ".tx", wire_priority, [this](Tick late) { on_sent(late); }),
      rx_event_(name_ + ".rx", wire_priority, [this](Tick late) { on_received(late); }),
      idle_event_(name_ + ".idle", wire_priority, [this](Tick) { set_flags(idle); }) {}

void Usart::reset() {
    Peripheral::reset();
    for (Event* event : {&tx_event_, &rx_event_, &idle_event_}) scheduler_.cancel(*event);
    seen_ = 0;
    tdr_ = shift_ = rdr_ = 0;
    sending_ = hearing_ = false;
    update_lines();
}

Line* Usart::output(std::string_view name) {
    if (name == "DmaTransmit") return &transmit_request_;
    if (name == "DmaReceive") return &receive_request_;
    return Peripheral::output(name);
}

uint32_t Usart::read_register(uint32_t offset) {
    if (offset == DR) return read_dr();
    if (offset == SR) seen_ = value(SR);
    return value(offset);
}

void Usart::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case SR:
        value(SR) &= written | ~cleared_by_zero;
        return update_lines();
    case DR: return write_dr(written);
    case CR1: return write_cr1(written);
    default:
        store(offset, written);
        if (offset == CR2 || offset == CR3) refuse_modes();
        return update_lines();
    }
}

uint32_t Usart::read_dr() {
    value(SR) &= ~((seen_ & cleared_by_dr_read) | rxne);
    seen_ &= ~cleared_by_dr_read;
    update_lines();
    return rdr_;
}

void Usart::write_dr(uint32_t written) {
    tdr_ = written & 0x1FF;
    value(SR) &= ~(txe | (seen_ & tc));
    seen_ &= ~tc;
    if (!sending_) transmit_next(scheduler_.now());
    update_lines();
}

void Usart::write_cr1(uint32_t written) {
    const bool transmitted = transmits();
    store(CR1, written);
    refuse_modes();
    if (transmits() && !transmitted && !sending_) begin(Frame::idle, scheduler_.now());
    else if (!sending_) transmit_next(scheduler_.now());
    if (!receives()) scheduler_.cancel(idle_event_);
    listen(scheduler_.now());
    update_lines();
}

void Usart::refuse_modes() {
    if ((value(CR1) & mute) != 0 || (value(CR2) & lin_or_clock) != 0 || (value(CR3) & special_modes) != 0) not_modelled();
}

void Usart::set_flags(uint32_t flags) {
    value(SR) |= flags;
    update_lines();
}

void Usart::update_lines() {
    const uint32_t status = value(SR), control = value(CR1), control3 = value(CR3);
    // CR1 bits 4..7 enable SR bits 4..7; ORE interrupts with RXNEIE, and with EIE while DMA receives.
    const uint32_t waiting = (status & control & (idle | rxne | tc | txe)) |
                             ((control & rxne) != 0 ? status & ore : 0) |
                             ((control & parity_interrupt) != 0 ? status & pe : 0) |
                             ((control3 & error_interrupt) != 0 && (control3 & dma_receive) != 0 ? status & (ore | ne | fe) : 0);
    irq_.set((control & enable) != 0 && waiting != 0);
    transmit_request_.set((control3 & dma_transmit) != 0 && transmits() && (status & txe) != 0);
    receive_request_.set((control3 & dma_receive) != 0 && (status & rxne) != 0);
}

void Usart::state(Archive& archive) {
    Peripheral::state(archive);
    archive(tx_event_, rx_event_, idle_event_, transmit_request_, receive_request_, seen_, tdr_, shift_, rdr_, frame_,
            sending_, hearing_, host_, warned_baud_, warned_overrun_);
}

}  // namespace tinysim::stm32
