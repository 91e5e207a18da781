// The second generation's bit times, time-out, addresses, auto baud and wake-up flag.
#include "soc/stm32/usart_v2.h"
#include "soc/stm32/usart_v2_registers.h"

namespace tinysim::stm32 {

using namespace usart;
using namespace usart_v2;

namespace {
constexpr uint32_t least_divider = 16, least_low_power_divider = 0x300, low_power_scale = 256;
constexpr unsigned prescalers[16] = {1, 2, 4, 6, 8, 10, 12, 16, 32, 64, 128, 256, 256, 256, 256, 256};
constexpr uint32_t short_address_mask = 15;
}  // namespace

unsigned UsartV2::data_bits() const { return enables(M1) ? 7 : enables(M0) ? 9 : 8; }

// RM0351 40.5.4: one bit is BRR clocks; with OVER8 BRR's low four bits are shifted right by one. LPUART: BRR / 256 clocks.
Tick UsartV2::half_bits_ticks(unsigned half_bits) const {
    const uint32_t brr = value(BRR);
    const Tick clock = kernel_ticks() * (fifo_ ? prescalers[value(PRESC)] : 1);
    if (low_power_) return capped_ticks(clock, int64_t{brr} * half_bits, longest_frame) / (2 * low_power_scale);
    const uint32_t clocks = enables(OVER8) ? (brr >> 4) * 8 + (brr & 7) : brr;
    return capped_ticks(clock, int64_t{clocks} * half_bits, longest_frame) / 2;
}

const char* UsartV2::why_no_baud() const {
    if (value(BRR) < (low_power_ ? least_low_power_divider : least_divider)) return "BRR is below its least value";
    return kernel_ticks() == 0 ? "the clock that RCC_CCIPR selects does not run" : nullptr;
}

void UsartV2::on_start_bit(Tick at) {
    scheduler_.cancel(timeout_event_);
    wake_on(start_bit);
    if (selects(ABREN) && (flags_ & ABRF) == 0) measure_baud(at);
    update_lines();
}

void UsartV2::on_silence(Tick from) {
    if (low_power_ || !selects(RTOEN)) return;
    scheduler_.at(timeout_event_, from + capped_ticks(half_bits_ticks(2), value(RTOR) & timeout_mask));
}

bool UsartV2::has_mute_mode() const { return enables(MME); }

bool UsartV2::is_mute() const { return (flags_ & RWU) != 0; }

void UsartV2::set_mute(bool is_mute) {
    flags_ = (flags_ & ~RWU) | when(is_mute, RWU);
    update_lines();
}

// A character is compared whole; an address with ADDM7's bits, without its mark.
bool UsartV2::is_my_address(uint16_t word) const {
    const uint32_t own = value(CR2) >> address_at, payload = 1u << format().payload_bits();
    if (!has_mute_mode()) return (word & (payload - 1) & 0xFF) == own;
    const uint32_t mask = selects(ADDM7) ? (payload / 2 - 1) & 0x7F : short_address_mask;
    return ((word ^ own) & mask) == 0;
}

void UsartV2::wake_on(uint32_t what) {
    if (enables(UESM) && (value(CR3) >> wake_at & 3) == what) flags_ |= WUF;
}

// RM0351 40.5.6: the first character begins with a 1 (mode 0), with 1 and 0 (1), is 0x7F (2) or 0x55 (3).
void UsartV2::measure_baud(Tick start) {
    static constexpr Tick bits_to_next_fall[] = {0, 2, 8, 2};
    const uint32_t mode = value(CR2) >> rate_mode_at & 3;
    const Tick end = mode == 0 ? line_.next_high(start) : line_.next_fall(start + 1);
    const Tick bits = mode == 0 ? 1 : bits_to_next_fall[mode], clock = kernel_ticks() * (fifo_ ? prescalers[value(PRESC)] : 1);
    const Tick clocks = end == never ? 0 : (end - start + bits * clock / 2) / (bits * clock);
    flags_ |= ABRF;
    if (clocks < least_divider || clocks > brr_mask) {
        flags_ |= ABRE;
        return;
    }
    const auto brr = static_cast<uint32_t>(clocks);
    value(BRR) = enables(OVER8) ? (brr >> 3) << 4 | (brr & 7) : brr;
}

}  // namespace tinysim::stm32
