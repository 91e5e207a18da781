// The STM32L4's ADC: oversampling, watchdogs, offsets, alignment, and who is told of a result.
#include "soc/stm32/adc_common.h"
#include "soc/stm32/adc_l4.h"
#include "soc/stm32/adc_l4_registers.h"

namespace tinysim::stm32 {

using namespace adc_l4;

namespace {
constexpr unsigned full_bits = 12, byte_bits = 6, offsets = 4;
constexpr uint32_t offset_enabled = 1u << 31;
}  // namespace

bool L4Adc::oversamples(Group group) const { return has(CFGR2, group == Group::regular ? ROVSE : JOVSE); }

// ROVSM: what an injected sequence interrupts begins anew.
void L4Adc::began(Group group) {
    if (group == Group::injected) is_served_ = false;
    if (group == Group::injected && has(CFGR2, ROVSM)) sums_[0] = {};
}

void L4Adc::sampled() { raise(EOSMP); }

// RM0351 18.4.30: 2 to 256 conversions of a channel are added, then shifted right.
AdcBlock::Accumulation L4Adc::accumulate(Group group, uint32_t& code) {
    if (!oversamples(group)) return Accumulation::done;
    Sum& sum = sums_[static_cast<unsigned>(group)];
    sum.total += code;
    if (++sum.count < 2u << (value(CFGR2) >> 2 & 7)) {
        if (group == Group::injected || !has(CFGR2, TROVS)) return Accumulation::again;
        end_software(group);
        return Accumulation::awaits_trigger;
    }
    const unsigned shift = value(CFGR2) >> 5 & 15;
    code = (sum.total + (shift == 0 ? 0 : 1u << (shift - 1))) >> shift & 0xFFFF;
    sum = {};
    return Accumulation::done;
}

void L4Adc::converted(const Conversion& conversion) {
    watch(conversion);
    if (conversion.group == Group::regular) {
        regular_result(conversion);
    } else {
        value(JDR1 + 4 * conversion.rank) = result(conversion);
        raise(conversion.ends_sequence ? JEOC | JEOS : JEOC);
    }
    if (!is_active(conversion.group)) end_software(conversion.group);
    if (conversion.group == Group::injected && conversion.ends_sequence) consume_context();
}

// A start by software ends with its sequence; with an external trigger it stays.
void L4Adc::end_software(Group group) {
    if (trigger(group).edges == 0) value(CR) &= ~uint32_t{group == Group::regular ? ADSTART : JADSTART};
}

void L4Adc::regular_result(const Conversion& conversion) {
    const bool is_shared = common_ != nullptr && common_->takes_data();
    const uint32_t end = conversion.ends_sequence ? EOC | EOS : uint32_t{EOC};
    if (has(ISR, EOC) && !is_shared && !request_.has_ended()) {
        lose();
        if (!has(CFGR, OVRMOD)) return raise(end);
    }
    value(DR) = result(conversion);
    raise(end);
    if (is_shared) common_->put(value(DR));
    else if (has(CFGR, DMAEN) && !(has(ISR, OVR) && !has(CFGR, OVRMOD))) request_.raise();
}

void L4Adc::lost() { raise(OVR); }

// AWD1 compares 12 bits, AWD2 and AWD3 the upper eight of them; before offset and alignment.
void L4Adc::watch(const Conversion& conversion) {
    const uint32_t code = oversamples(conversion.group) ? conversion.code >> 4 : conversion.code << (full_bits - resolution_bits());
    const auto is_outside = [&](uint32_t offset, uint32_t compared) {
        return compared > (value(offset) >> 16 & 0xFFF) || compared < (value(offset) & 0xFFF);
    };
    const bool watches = has(CFGR, conversion.group == Group::regular ? AWD1EN : JAWD1EN);
    const bool is_channel = !has(CFGR, AWD1SGL) || (value(CFGR) >> 26 & 31) == conversion.channel;
    uint32_t flags = watches && is_channel && is_outside(TR1, code) ? uint32_t{AWD1} : 0;
    if ((value(AWD2CR) >> conversion.channel & 1) != 0 && is_outside(TR2, code >> 4)) flags |= AWD2;
    if ((value(AWD3CR) >> conversion.channel & 1) != 0 && is_outside(TR3, code >> 4)) flags |= AWD3;
    if (flags != 0) raise(flags);
}

// RM0351 18.4.26: an offset makes it signed; left-aligned it then stands behind its sign. 6 bits stay within a byte.
uint32_t L4Adc::result(const Conversion& conversion) const {
    if (oversamples(conversion.group)) return conversion.code;
    int32_t data = static_cast<int32_t>(conversion.code);
    bool is_signed = false;
    for (unsigned i = 0; i < offsets; ++i) {
        const uint32_t offset = value(OFR1 + 4 * i);
        if ((offset & offset_enabled) == 0 || (offset >> 26 & 31) != conversion.channel) continue;
        data -= static_cast<int32_t>((offset & 0xFFF) >> (full_bits - resolution_bits()));
        is_signed = true;
        break;
    }
    if (!has(CFGR, ALIGN)) return static_cast<uint32_t>(data) & 0xFFFF;
    const unsigned width = resolution_bits() == byte_bits ? 8 : 16;
    return static_cast<uint32_t>(data) << (width - resolution_bits() - (is_signed ? 1 : 0)) & 0xFFFF;
}

}  // namespace tinysim::stm32
