#include "soc/stm32/usart_v2.h"

#include "soc/stm32/usart_v2_registers.h"

namespace tinysim::stm32 {

using namespace usart;
using namespace usart_v2;

namespace {
constexpr unsigned thresholds[8] = {1, 2, 4, 6, 7, 8, 8, 8};       // of RXFTCFG and TXFTCFG, in words
constexpr unsigned faults_at = 9;                                  // in receive_, above the word
constexpr int timeout_priority = 50;

RegisterTable table_of(bool is_low_power, bool has_fifo) {
    if (is_low_power) return has_fifo ? RegisterTable(low_power_fifo_table) : RegisterTable(low_power_table);
    return has_fifo ? RegisterTable(fifo_table) : RegisterTable(table);
}
}  // namespace

UsartV2::UsartV2(const Construction& construction)
    : UsartWires(construction, table_of(flag(construction, "lowPowerMode"), flag(construction, "fifo")),
                 {.cr1 = CR1, .cr2 = CR2, .cr3 = CR3, .gtpr = flag(construction, "lowPowerMode") ? 0u : uint32_t{GTPR}, .enable = UE}),
      low_power_(flag(construction, "lowPowerMode")), fifo_(flag(construction, "fifo")),
      timeout_event_(name_ + ".timeout", timeout_priority, [this](Tick) { set_flags(RTOF); }), flags_(TC) {
    wait_in_stop(StopsWith::kernel);
    Peripheral::wait_in_stop({&timeout_event_}, StopsWith::kernel);
}

void UsartV2::reset() {
    UsartWires::reset();
    discard_all();
    last_read_ = 0;
    update_lines();
}

void UsartV2::discard_all() {
    quiet();
    scheduler_.cancel(timeout_event_);
    transmit_.clear();
    receive_.clear();
    flags_ = TC;
    block_words_ = 0;
    break_asked_ = false;
}

bool UsartV2::has_fifo() const { return fifo_ && enables(FIFOEN); }
size_t UsartV2::transmit_depth() const { return has_fifo() ? fifo_words : 1; }
size_t UsartV2::receive_depth() const { return has_fifo() ? fifo_words + 1 : 1; }      // RM0432 46.8.10, RXFF: and one in RDR

uint32_t UsartV2::status() const {
    const uint32_t status = flags_ | when(!receive_.empty(), RXNE) | when(transmit_.size() < transmit_depth(), TXE) |
                            when(is_hearing(), BUSY) | when(break_asked_, SBKF) | when(transmits(), TEACK) |
                            when(receives(), REACK) | when(is_on(CTSE) && may_send(), CTS);
    if (!has_fifo()) return status;
    const uint32_t cr3 = value(CR3);
    return status | when(transmit_.empty(), TXFE) | when(receive_.size() == receive_depth(), RXFF) |
           when(receive_.size() >= thresholds[cr3 >> rx_threshold_at & 7], RXFT) |
           when(fifo_words - transmit_.size() >= thresholds[cr3 >> tx_threshold_at & 7], TXFT);
}

uint32_t UsartV2::read_register(uint32_t offset) { return offset == RDR ? read_rdr() : value(offset); }

void UsartV2::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case CR1: return write_cr1(written);
    case RQR: return write_rqr(written);
    case TDR: return write_tdr(written);
    case ICR: return clear_flags(written & cleared_by_icr);
    default:
        store(offset, written);
        if (offset == CR2 || offset == CR3) refuse_modes();
        transmit_next();
        update_lines();
        listen();
    }
}

uint32_t UsartV2::read_rdr() {
    if (receive_.empty()) return last_read_;
    last_read_ = receive_.front() & data_mask;
    receive_.pop_front();
    show_faults();
    update_lines();
    listen();
    return last_read_;
}

// Into a full register or FIFO: the last word is written over. FIFOEN cleared leaves room for one.
void UsartV2::write_tdr(uint32_t written) {
    store(TDR, written);
    while (transmit_.size() >= transmit_depth()) transmit_.pop_back();
    transmit_.push_back(static_cast<uint16_t>(written & data_mask));
    flags_ &= ~TC;
    transmit_next();
    update_lines();
}

void UsartV2::write_cr1(uint32_t written) {
    const bool was_transmitting = transmits(), was_enabled = enables(UE);
    store(CR1, written);
    if (was_enabled && !enables(UE)) discard_all();
    if (!enables(UESM)) flags_ &= ~WUF;
    if (!enables(MME)) flags_ &= ~RWU;
    if (!receives()) {
        scheduler_.cancel(timeout_event_);
        block_words_ = 0;
    }
    control_changed(was_transmitting);
    update_lines();
}

void UsartV2::write_rqr(uint32_t written) {
    if ((written & ABRRQ) != 0) flags_ &= ~(ABRF | ABRE);
    if ((written & MMRQ) != 0 && enables(MME)) set_mute(true);
    if ((written & RXFRQ) != 0) receive_.clear();
    if ((written & TXFRQ) != 0) transmit_.clear();
    if ((written & SBKRQ) != 0) break_asked_ = true;
    transmit_next();
    update_lines();
    listen();
}

void UsartV2::clear_flags(uint32_t flags) {
    flags_ &= ~flags;
    if ((flags & EOBF) != 0) block_words_ = 0;
    update_lines();
}

void UsartV2::set_flags(uint32_t flags) {
    flags_ |= flags;
    update_lines();
}

uint16_t UsartV2::take_word() {
    const uint16_t word = transmit_.front();
    transmit_.pop_front();
    return word;
}

void UsartV2::deliver(uint16_t word, uint32_t faults) {
    wake_on(received_word);
    if (is_my_address(word) && !has_mute_mode()) {
        flags_ |= CMF;
        wake_on(address_match);
    }
    if (++block_words_ >= (value(RTOR) >> block_at) + 4 && !low_power_) flags_ |= EOBF;
    if (!has_room()) {
        lose_word("a received byte is lost (ISR.ORE): RDR had not been read");
        if ((value(CR3) & OVRDIS) == 0) return set_flags(ORE);
        receive_.pop_back();
    }
    receive_.push_back(static_cast<uint16_t>(word | faults << faults_at));
    if (receive_.size() == 1) show_faults();
    update_lines();
}

void UsartV2::show_faults() {
    if (!receive_.empty()) flags_ |= receive_.front() >> faults_at;
}

bool UsartV2::wants_interrupt(uint32_t status) const {
    // CR1 bits 4..7 enable ISR bits 4..7.
    uint32_t waiting = (status & value(CR1) & (IDLE | RXNE | TC | TXE)) | when(enables(RXNEIE), status & ORE) |
                       when(enables(PEIE), status & PE) | when(is_on(EIE), status & (FE | NE | ORE)) |
                       when(enables(CMIE), status & CMF) | when(enables(RTOIE), status & RTOF) | when(enables(EOBIE), status & EOBF) |
                       when(selects(LBDIE), status & LBD) | when(is_on(CTSIE), status & CTSIF) | when(is_on(WUFIE), status & WUF);
    if (has_fifo())
        waiting |= when(enables(TXFEIE), status & TXFE) | when(enables(RXFFIE), status & RXFF) |
                   when(is_on(TXFTIE), status & TXFT) | when(is_on(RXFTIE), status & RXFT);
    return enables(UE) && waiting != 0;
}

void UsartV2::update_lines() {
    const uint32_t now = value(ISR) = status();
    irq_.set(wants_interrupt(now));
    set_requests(now, !(is_on(DDRE) && (now & (PE | FE | NE)) != 0));
}

void UsartV2::state(Archive& archive) {
    UsartWires::state(archive);
    archive(timeout_event_, flags_, block_words_, transmit_, receive_, last_read_, break_asked_);
}

}  // namespace tinysim::stm32
