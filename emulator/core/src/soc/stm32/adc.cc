#include "soc/stm32/adc.h"

#include "soc/stm32/adc_common.h"

namespace tinysim::stm32 {

namespace {
enum Offset : uint32_t { SR = 0x00, CR1 = 0x04, CR2 = 0x08, SMPR1 = 0x0C, SMPR2 = 0x10, JOFR1 = 0x14, HTR = 0x24, LTR = 0x28, SQR1 = 0x2C,
                         SQR3 = 0x34, JSQR = 0x38, JDR1 = 0x3C, DR = 0x4C };
enum Sr : uint32_t { AWD = 1u << 0, EOC = 1u << 1, JEOC = 1u << 2, JSTRT = 1u << 3, STRT = 1u << 4, OVR = 1u << 5 };
enum Cr1 : uint32_t { AWDCH = 31, EOCIE = 1u << 5, AWDIE = 1u << 6, JEOCIE = 1u << 7, SCAN = 1u << 8, AWDSGL = 1u << 9, JAUTO = 1u << 10,
                      DISCEN = 1u << 11, JDISCEN = 1u << 12, JAWDEN = 1u << 22, AWDEN = 1u << 23, OVRIE = 1u << 26 };
enum Cr2 : uint32_t { ADON = 1u << 0, CONT = 1u << 1, DMA = 1u << 8, DDS = 1u << 9, EOCS = 1u << 10, ALIGN = 1u << 11, JSWSTART = 1u << 22,
                      SWSTART = 1u << 30 };
constexpr uint32_t threshold = 0xFFF;
constexpr Register table[] = {
    {"SR", 0, 0}, {"CR1", 0, 0x07C0FFFF}, {"CR2", 0, 0x3F3F0F03}, {"SMPR1", 0, 0x07FFFFFF}, {"SMPR2", 0, 0x3FFFFFFF},
    {"JOFR1", 0, threshold}, {"JOFR2", 0, threshold}, {"JOFR3", 0, threshold}, {"JOFR4", 0, threshold},
    {"HTR", 0xFFF, threshold}, {"LTR", 0, threshold}, {"SQR1", 0, 0x00FFFFFF}, {"SQR2", 0, 0x3FFFFFFF}, {"SQR3", 0, 0x3FFFFFFF},
    {"JSQR", 0, 0x003FFFFF}, {"JDR1", 0, 0}, {"JDR2", 0, 0}, {"JDR3", 0, 0}, {"JDR4", 0, 0}, {"DR", 0, 0},
};
constexpr unsigned ranks_of_a_register = 6, injected_most = 4, channels_of_smpr2 = 10, byte_bits = 6;
constexpr int64_t sampling_cycles[] = {3, 15, 28, 56, 84, 112, 144, 480};      // SMPx
}  // namespace

Adc::Adc(const Construction& construction)
    : AdcBlock(construction, table, Bridge::apb),
      stabilisation_ticks_(construction.chip_number("adc_stabilisation_ns", 2000) * scheduler_.ticks_per_second() / 1'000'000'000),
      latency_eighths_(construction.chip_number("adc_latency_eighths", 2 * eighths)),
      injected_latency_eighths_(construction.chip_number("adc_injected_latency_eighths", 3 * eighths)) {}

void Adc::reset() {
    AdcBlock::reset();
    unread_ = false;
}

bool Adc::is_on() const { return has(CR2, ADON); }

uint32_t Adc::status() const { return value(SR); }

uint32_t Adc::regular_data() const { return value(DR); }

void Adc::data_taken() {
    unread_ = false;
    value(SR) &= ~uint32_t{EOC};
    update_irq();
}

uint32_t Adc::read_register(uint32_t offset) {
    if (offset != DR) return value(offset);
    data_taken();
    request_.serve(has(CR2, DDS));
    return value(DR);
}

void Adc::write_register(uint32_t offset, uint32_t written) {
    if (offset == CR2) return write_control(written);
    if (offset == SR) {
        value(SR) &= written;
        if ((written & OVR) == 0) unread_ = false;
        if ((written & EOC) == 0) unread_ = false;
    } else {
        store(offset, written);
    }
    update_irq();
}

void Adc::write_control(uint32_t written) {
    const bool was_on = is_on(), had_dma = has(CR2, DMA);
    store(CR2, written);
    if (is_on() && !was_on) stable_at_ = scheduler_.now() + stabilisation_ticks_;
    if (!is_on()) abort_all();
    if (!has(CR2, DMA) && had_dma) {
        request_.restart();
        unread_ = false;
    }
    if (!is_on()) return;
    if ((written & JSWSTART) != 0) software_start(Group::injected);
    if ((written & SWSTART) != 0) software_start(Group::regular);
}

// After an overrun nothing regular is converted until it is cleared (RM0090 13.8.1).
bool Adc::accepts(Group group) const { return is_on() && !(group == Group::regular && has(SR, OVR)); }

AdcBlock::Sequence Adc::sequence(Group group) const {
    const bool scans = has(CR1, SCAN);
    if (group == Group::injected) return {scans ? (value(JSQR) >> 20 & 3) + 1 : 1, has(CR1, JDISCEN) ? 1u : 0u, false};
    const bool discontinuous = has(CR1, DISCEN);
    return {scans ? (value(SQR1) >> 20 & 15) + 1 : 1, discontinuous ? (value(CR1) >> 13 & 7) + 1 : 0, has(CR2, CONT) && !discontinuous};
}

// Injected sequences end with JSQ4, whatever their length.
unsigned Adc::channel_at(Group group, unsigned rank) const {
    if (group == Group::injected) return value(JSQR) >> 5 * (injected_most - sequence(group).length + rank) & 31;
    return value(SQR3 - rank / ranks_of_a_register * 4) >> 5 * (rank % ranks_of_a_register) & 31;
}

AdcBlock::Trigger Adc::trigger(Group group) const {
    const uint32_t setting = value(CR2) >> (group == Group::regular ? 24 : 16);
    return {setting >> 4 & 3, setting & 15};
}

bool Adc::injects_behind_regular() const { return has(CR1, JAUTO); }

unsigned Adc::resolution_bits() const { return 12 - 2 * (value(CR1) >> 24 & 3); }

int64_t Adc::sampling_eighths(unsigned channel) const {
    const uint32_t setting = channel < channels_of_smpr2 ? value(SMPR2) >> 3 * channel : value(SMPR1) >> 3 * (channel - channels_of_smpr2);
    return sampling_cycles[setting & 7] * eighths;
}

int64_t Adc::conversion_eighths() const { return resolution_bits() * eighths; }

int64_t Adc::latency_eighths(Group group) const { return group == Group::regular ? latency_eighths_ : injected_latency_eighths_; }

void Adc::began(Group group) {
    raise(group == Group::regular ? STRT : JSTRT);
    if (scheduler_.now() < stable_at_)
        warn_once(warned_unstable_, "a conversion begins before the ADC is stable (tSTAB behind CR2.ADON): a chip's first results would be wrong");
}

bool Adc::detects_overrun() const { return (has(CR2, DMA) && !request_.has_ended()) || has(CR2, EOCS); }

void Adc::converted(const Conversion& conversion) {
    watch(conversion);
    if (conversion.group == Group::regular) regular_result(conversion);
    else injected_result(conversion);
    update_irq();
}

void Adc::regular_result(const Conversion& conversion) {
    const bool is_shared = common_ != nullptr && common_->takes_data();
    if (unread_ && !is_shared && detects_overrun()) return lose();
    value(DR) = aligned(static_cast<int32_t>(conversion.code), false);
    unread_ = true;
    if (conversion.ends_sequence || has(CR2, EOCS) || has(CR1, DISCEN)) raise(EOC);
    if (is_shared) common_->put(value(DR));
    else if (has(CR2, DMA)) request_.raise();
}

void Adc::lost() {
    raise(OVR);
    request_.line().set(false);
    abort(Group::regular);
}

void Adc::injected_result(const Conversion& conversion) {
    const uint32_t rank = 4 * conversion.rank;
    value(JDR1 + rank) = aligned(static_cast<int32_t>(conversion.code) - static_cast<int32_t>(value(JOFR1 + rank)), true);
    if (conversion.ends_sequence) raise(JEOC);
}

void Adc::watch(const Conversion& conversion) {
    if (!has(CR1, conversion.group == Group::regular ? AWDEN : JAWDEN)) return;
    if (has(CR1, AWDSGL) && (value(CR1) & AWDCH) != conversion.channel) return;
    if (conversion.code > value(HTR) || conversion.code < value(LTR)) raise(AWD);
}

// RM0090 13.4: 12 bits from bit 15 on, injected ones behind their sign; 6 bits within a byte.
uint32_t Adc::aligned(int32_t result, bool is_injected) const {
    if (!has(CR2, ALIGN)) return static_cast<uint32_t>(result) & 0xFFFF;
    const unsigned bits = resolution_bits(), width = bits == byte_bits ? 8 : 16;
    return static_cast<uint32_t>(result) << (width - bits - (is_injected ? 1 : 0)) & 0xFFFF;
}

void Adc::raise(uint32_t flags) {
    value(SR) |= flags;
    update_irq();
}

void Adc::update_irq() {
    const uint32_t enabled = (has(CR1, EOCIE) ? EOC : 0u) | (has(CR1, JEOCIE) ? JEOC : 0u) | (has(CR1, AWDIE) ? AWD : 0u) | (has(CR1, OVRIE) ? OVR : 0u);
    irq_.set((value(SR) & enabled) != 0);
}

void Adc::state(Archive& archive) {
    AdcBlock::state(archive);
    archive(stable_at_, unread_, warned_unstable_);
}

}  // namespace tinysim::stm32
