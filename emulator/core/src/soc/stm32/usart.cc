#include "soc/stm32/usart.h"

namespace tinysim::stm32 {

using namespace usart;

namespace {
enum Offset : uint32_t { SR = 0x00, DR = 0x04, BRR = 0x08, CR1 = 0x0C, CR2 = 0x10, CR3 = 0x14, GTPR = 0x18 };
constexpr uint32_t SBK = 1u << 0, RWU = 1u << 1, UE = 1u << 13;         // CR1
constexpr uint32_t sr_reset = TXE | TC;
constexpr Register synchronous_table[] = {
    {"SR", sr_reset, 0}, {"DR", 0, 0}, {"BRR", 0, 0xFFFF}, {"CR1", 0, 0xBFFF}, {"CR2", 0, 0x7F6F}, {"CR3", 0, 0x0FFF},
    {"GTPR", 0, 0xFFFF},
};
constexpr Register asynchronous_table[] = {
    {"SR", sr_reset, 0}, {"DR", 0, 0}, {"BRR", 0, 0xFFFF}, {"CR1", 0, 0xBFFF}, {"CR2", 0, 0x706F}, {"CR3", 0, 0x08CF},
};
constexpr uint32_t cleared_by_dr_read = PE | FE | NE | ORE | IDLE, cleared_by_zero = CTSIF | LBD | TC | RXNE;
constexpr uint32_t address_mask = 15;                                   // CR2.ADD
constexpr uint32_t least_divider = 16;

bool is_synchronous(const Construction& construction) { return construction.number("synchronous", 1) != 0; }
}  // namespace

Usart::Usart(const Construction& construction)
    : UsartWires(construction, is_synchronous(construction) ? RegisterTable(synchronous_table) : RegisterTable(asynchronous_table),
                 {.cr1 = CR1, .cr2 = CR2, .cr3 = CR3, .gtpr = is_synchronous(construction) ? uint32_t{GTPR} : 0u, .enable = UE}) {
    wait_in_stop(StopsWith::bus);
}

void Usart::reset() {
    UsartWires::reset();
    seen_ = 0;
    tdr_ = rdr_ = 0;
    update_lines();
}

uint32_t Usart::read_register(uint32_t offset) {
    if (offset == SR) return seen_ = value(SR);
    return offset == DR ? read_dr() : value(offset);
}

void Usart::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case SR:
        value(SR) &= written | ~cleared_by_zero;
        break;
    case DR: return write_dr(written);
    case CR1: return write_cr1(written);
    default:
        store(offset, written);
        if (offset == CR2 || offset == CR3) refuse_modes();
        transmit_next();
    }
    update_lines();
    listen();
}

uint32_t Usart::read_dr() {
    value(SR) &= ~((seen_ & cleared_by_dr_read) | RXNE);
    seen_ &= ~cleared_by_dr_read;
    update_lines();
    listen();
    return rdr_;
}

void Usart::write_dr(uint32_t written) {
    tdr_ = written & data_mask;
    value(SR) &= ~(TXE | (seen_ & TC));
    seen_ &= ~TC;
    transmit_next();
    update_lines();
}

void Usart::write_cr1(uint32_t written) {
    const bool was_transmitting = transmits();
    store(CR1, written);
    control_changed(was_transmitting);
    update_lines();
}

// ---- what the wires ask ----

unsigned Usart::data_bits() const { return enables(M0) ? 9 : 8; }

// RM0090 30.3.4: one bit is BRR clocks; with OVER8 the fraction has three bits and a bit is 8 * USARTDIV clocks.
Tick Usart::half_bits_ticks(unsigned half_bits) const {
    const uint32_t brr = value(BRR), clocks = enables(OVER8) ? (brr >> 4) * 8 + (brr & 7) : brr;
    return capped_ticks(clock_ticks(), int64_t{clocks} * half_bits, longest_frame) / 2;
}

const char* Usart::why_no_baud() const {
    if (value(BRR) < least_divider) return "BRR is below 16";
    return clock_ticks() == 0 ? "its clock stands still" : nullptr;
}

bool Usart::has_word() const { return (value(SR) & TXE) == 0; }

uint16_t Usart::take_word() {
    value(SR) |= TXE;
    return tdr_;
}

bool Usart::wants_break() const { return enables(SBK); }

void Usart::on_break_sent() { value(CR1) &= ~SBK; }

bool Usart::has_room() const { return (value(SR) & RXNE) == 0; }

// RM0090 30.3.3: the flags come with RXNE; of a frame that is lost they are set as well.
void Usart::deliver(uint16_t word, uint32_t faults) {
    if (!has_room()) {
        lose_word("a received byte is lost (SR.ORE): DR had not been read");
        return set_flags(ORE | faults);
    }
    rdr_ = word;
    set_flags(RXNE | faults);
}

void Usart::set_flags(uint32_t flags) {
    value(SR) |= flags;
    update_lines();
}

bool Usart::is_mute() const { return enables(RWU); }

void Usart::set_mute(bool is_mute) { value(CR1) = (value(CR1) & ~RWU) | when(is_mute, RWU); }

bool Usart::is_my_address(uint16_t word) const { return ((word ^ value(CR2)) & address_mask) == 0; }

void Usart::update_lines() {
    const uint32_t status = value(SR);
    // CR1 bits 4..7 enable SR bits 4..7; ORE interrupts with RXNEIE, and with EIE while DMA receives.
    const uint32_t waiting = (status & value(CR1) & (IDLE | RXNE | TC | TXE)) | when(enables(RXNEIE), status & ORE) |
                             when(enables(PEIE), status & PE) | when(selects(LBDIE), status & LBD) |
                             when(is_on(CTSIE), status & CTSIF) | when(is_on(EIE) && is_on(DMAR), status & (ORE | NE | FE));
    irq_.set(enables(UE) && waiting != 0);
    set_requests(status);
}

void Usart::state(Archive& archive) {
    UsartWires::state(archive);
    archive(seen_, tdr_, rdr_);
}

}  // namespace tinysim::stm32
