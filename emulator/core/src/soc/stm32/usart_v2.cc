#include "soc/stm32/usart_v2.h"

#include "soc/stm32/usart_v2_registers.h"

namespace tinysim::stm32 {

using namespace usart_v2;

namespace {
constexpr uint32_t refused_cr2 = LINEN | CLKEN | ABREN, refused_cr3 = IREN | SCEN | RTSE | CTSE;
constexpr unsigned thresholds[8] = {1, 2, 4, 6, 7, 8, 8, 8};       // of RXFTCFG and TXFTCFG, in items
constexpr uint32_t input_errors[] = {FE, NE, PE};
constexpr int wire_priority = 50;

constexpr uint32_t when(bool is_set, uint32_t bits) { return is_set ? bits : 0; }

bool flag(const Construction& construction, const char* name) { return construction.number(name, 0) != 0; }

RegisterTable table_of(bool is_low_power, bool has_fifo) {
    if (is_low_power) return has_fifo ? RegisterTable(low_power_fifo_table) : RegisterTable(low_power_table);
    return has_fifo ? RegisterTable(fifo_table) : RegisterTable(table);
}
}  // namespace

UsartV2::UsartV2(const Construction& construction)
    : Peripheral(construction, table_of(flag(construction, "lowPowerMode"), flag(construction, "fifo")), Bridge::apb),
      low_power_(flag(construction, "lowPowerMode")), fifo_(flag(construction, "fifo")),
      uart_(construction.recorder.name_uart(construction.name)),
      tx_event_(name_ + ".tx", wire_priority, [this](Tick late) { on_sent(late); }),
      rx_event_(name_ + ".rx", wire_priority, [this](Tick late) { on_received(late); }),
      idle_event_(name_ + ".idle", wire_priority, [this](Tick) { set_flags(IDLE); }),
      timeout_event_(name_ + ".timeout", wire_priority, [this](Tick) { set_flags(RTOF); }), flags_(TC) {}

void UsartV2::reset() {
    Peripheral::reset();
    discard_all();
    shift_ = last_read_ = 0;
    update_lines();
}

void UsartV2::discard_all() {
    for (Event* event : {&tx_event_, &rx_event_, &idle_event_, &timeout_event_}) scheduler_.cancel(*event);
    transmit_.clear();
    receive_.clear();
    flags_ = TC;
    next_errors_ = 0;
    sending_ = hearing_ = break_asked_ = false;
}

Line* UsartV2::output(std::string_view name) {
    if (name == "DmaTransmit") return &transmit_request_;
    if (name == "DmaReceive") return &receive_request_;
    return Peripheral::output(name);
}

std::optional<Line::Sink> UsartV2::input(unsigned number) {
    if (number >= std::size(input_errors)) return std::nullopt;
    return [this, number](bool level) { next_errors_ |= when(level, input_errors[number]); };
}

bool UsartV2::has_fifo() const { return fifo_ && (value(CR1) & FIFOEN) != 0; }
size_t UsartV2::transmit_depth() const { return has_fifo() ? fifo_bytes : 1; }
size_t UsartV2::receive_depth() const { return has_fifo() ? fifo_bytes + 1 : 1; }      // RM0432 46.8.10, RXFF: and one in RDR

uint32_t UsartV2::status() const {
    const uint32_t status = flags_ | when(!receive_.empty(), RXNE) | when(transmit_.size() < transmit_depth(), TXE) |
                      when(hearing_, BUSY) | when(break_asked_, SBKF) | when(transmits(), TEACK) | when(receives(), REACK);
    if (!has_fifo()) return status;
    const uint32_t cr3 = value(CR3);
    return status | when(transmit_.empty(), TXFE) | when(receive_.size() == receive_depth(), RXFF) |
           when(receive_.size() >= thresholds[cr3 >> rx_threshold_at & 7], RXFT) |
           when(fifo_bytes - transmit_.size() >= thresholds[cr3 >> tx_threshold_at & 7], TXFT);
}

uint32_t UsartV2::read_register(uint32_t offset) {
    if (offset == ISR) return status();
    return offset == RDR ? read_rdr() : value(offset);
}

void UsartV2::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case CR1: return write_cr1(written);
    case RQR: return write_rqr(written);
    case TDR: return write_tdr(written);
    case ICR:
        flags_ &= ~(written & kept_flags);
        return update_lines();
    default:
        store(offset, written);
        if (offset == CR2 || offset == CR3) refuse_modes();
        return update_lines();
    }
}

uint32_t UsartV2::read_rdr() {
    if (!receive_.empty()) {
        last_read_ = receive_.front();
        receive_.pop_front();
        update_lines();
    }
    return last_read_;
}

// Into a full register or FIFO: the last item is written over.
void UsartV2::write_tdr(uint32_t written) {
    store(TDR, written);
    if (transmit_.size() == transmit_depth()) transmit_.pop_back();
    transmit_.push_back(static_cast<uint16_t>(written & data_mask));
    flags_ &= ~TC;
    if (!sending_) transmit_next(scheduler_.now());
    update_lines();
}

void UsartV2::write_cr1(uint32_t written) {
    const bool transmitted = transmits(), was_enabled = (value(CR1) & UE) != 0;
    store(CR1, written);
    refuse_modes();
    if (was_enabled && (written & UE) == 0) discard_all();
    if (transmits() && !transmitted && !sending_) begin(Frame::idle, scheduler_.now());
    else if (!sending_) transmit_next(scheduler_.now());
    if (!receives())
        for (Event* event : {&idle_event_, &timeout_event_}) scheduler_.cancel(*event);
    listen(scheduler_.now());
    update_lines();
}

void UsartV2::write_rqr(uint32_t written) {
    if ((written & (ABRRQ | MMRQ)) != 0) not_modelled();
    if ((written & RXFRQ) != 0) receive_.clear();
    if ((written & TXFRQ) != 0) transmit_.clear();
    if ((written & SBKRQ) != 0) break_asked_ = true;
    if (!sending_) transmit_next(scheduler_.now());
    update_lines();
}

void UsartV2::refuse_modes() {
    if ((value(CR1) & MME) != 0 || (value(CR2) & refused_cr2) != 0 || (value(CR3) & refused_cr3) != 0) not_modelled();
}

void UsartV2::set_flags(uint32_t flags) {
    flags_ |= flags;
    update_lines();
}

bool UsartV2::wants_interrupt(uint32_t status) const {
    const uint32_t control = value(CR1), control3 = value(CR3);
    // CR1 bits 4..7 enable ISR bits 4..7.
    uint32_t waiting = (status & control & (IDLE | RXNE | TC | TXE)) | (status & when((control & RXNEIE) != 0, ORE)) |
                       (status & when((control & PEIE) != 0, PE)) | (status & when((control3 & EIE) != 0, FE | NE | ORE)) |
                       (status & when((control & CMIE) != 0, CMF)) | (status & when((control & RTOIE) != 0, RTOF));
    if (has_fifo())
        waiting |= (status & when((control & TXFEIE) != 0, TXFE)) | (status & when((control & RXFFIE) != 0, RXFF)) |
                   (status & when((control3 & TXFTIE) != 0, TXFT)) | (status & when((control3 & RXFTIE) != 0, RXFT));
    return (control & UE) != 0 && waiting != 0;
}

void UsartV2::update_lines() {
    const uint32_t now = status(), control3 = value(CR3);
    const bool refuses = (control3 & DDRE) != 0 && (now & (PE | FE | NE)) != 0;
    irq_.set(wants_interrupt(now));
    transmit_request_.set((control3 & DMAT) != 0 && transmits() && (now & TXE) != 0);
    receive_request_.set((control3 & DMAR) != 0 && (now & RXNE) != 0 && !refuses);
}

void UsartV2::state(Archive& archive) {
    Peripheral::state(archive);
    archive(tx_event_, rx_event_, idle_event_, timeout_event_, transmit_request_, receive_request_, flags_, next_errors_,
            transmit_, receive_, shift_, last_read_, frame_, sending_, hearing_, break_asked_, host_, warned_baud_, warned_overrun_);
}

}  // namespace tinysim::stm32
