#include "soc/stm32/adc_l4.h"

#include "soc/stm32/adc_common.h"
#include "soc/stm32/adc_l4_registers.h"

namespace tinysim::stm32 {

using namespace adc_l4;

namespace {
constexpr int ready_priority = 40;
constexpr uint32_t all_flags = 0x7FF, sequence_bits = 0x1F7DF7DF, offset_bits = 0xFC000FFF, watched = 0x7FFFF;
constexpr Register table[] = {
    {"ISR", 0, 0}, {"IER", 0, all_flags}, {"CR", DEEPPWD, ADVREGEN | DEEPPWD | ADCALDIF}, {"CFGR", JQDIS, 0xFFFF7FFF}, {"CFGR2", 0, 0x7FF},
    {"SMPR1", 0, 0xBFFFFFFF}, {"SMPR2", 0, 0x07FFFFFF}, {}, {"TR1", 0x0FFF0000, 0x0FFF0FFF}, {"TR2", 0x00FF0000, 0x00FF00FF},
    {"TR3", 0x00FF0000, 0x00FF00FF}, {}, {"SQR1", 0, 0x1F7DF7CF}, {"SQR2", 0, sequence_bits}, {"SQR3", 0, sequence_bits}, {"SQR4", 0, 0x7DF},
    {"DR", 0, 0}, {}, {}, {"JSQR", 0, 0x7DF7DFFF}, {}, {}, {}, {},
    {"OFR1", 0, offset_bits}, {"OFR2", 0, offset_bits}, {"OFR3", 0, offset_bits}, {"OFR4", 0, offset_bits}, {}, {}, {}, {},
    {"JDR1", 0, 0}, {"JDR2", 0, 0}, {"JDR3", 0, 0}, {"JDR4", 0, 0}, {}, {}, {}, {}, {"AWD2CR", 0, watched}, {"AWD3CR", 0, watched}, {}, {},
    {"DIFSEL", 0, 0xFFFE}, {"CALFACT", 0, 0x007F007F},
};
constexpr unsigned slots = 5, channels_of_smpr1 = 10;
constexpr uint32_t calibration_factor = 0x40;
constexpr int64_t sampling_half_cycles[] = {5, 13, 25, 49, 95, 185, 495, 1281}, plus_half_cycles = 7, half = AdcBlock::eighths / 2;
constexpr int64_t latency_by_clock_mode[] = {16, 16, 18, 17};      // DS, tLATR: 2, 2, 2.25, 2.125 cycles; CKMODE 0 is 1.5 to 2.5

// One conversion of the shortest kind (DS, tSTAB).
constexpr int64_t stabilisation_cycles = 15;
}  // namespace

L4Adc::L4Adc(const Construction& construction)
    : AdcBlock(construction, table, Bridge::ahb),
      regulator_ticks_(construction.chip_number("adc_regulator_ns", 20'000) * scheduler_.ticks_per_second() / 1'000'000'000),
      calibration_cycles_(construction.chip_number("adc_calibration_cycles", 116)),
      ready_event_(name_ + ".ready", ready_priority, [this](Tick) { on_ready(); }),
      calibration_event_(name_ + ".calibration", ready_priority, [this](Tick) { on_calibrated(); }) {}

void L4Adc::reset() {
    AdcBlock::reset();
    scheduler_.cancel(ready_event_);
    scheduler_.cancel(calibration_event_);
    ready_ = false;
    sums_ = {};
    clear_contexts();
}

bool L4Adc::is_on() const { return has(CR, ADEN); }

uint32_t L4Adc::status() const { return value(ISR); }

uint32_t L4Adc::regular_data() const { return value(DR); }

uint32_t L4Adc::read_register(uint32_t offset) {
    if (offset != DR) return value(offset);
    const uint32_t data = value(DR);
    request_.serve(has(CFGR, DMACFG));
    data_taken();
    return data;
}

void L4Adc::data_taken() {
    value(ISR) &= ~uint32_t{EOC};
    update_irq();
    if (has(CFGR, AUTDLY)) resume(scheduler_.now());
}

// RM0351 18.4.11: what a conversion under way uses is read-only.
bool L4Adc::is_locked(uint32_t offset) const {
    if (offset >= SQR1 && offset <= SQR4) return has(CR, ADSTART);
    if (offset == DIFSEL) return is_on();
    return offset >= CFGR && offset != JSQR && offset != CALFACT && has(CR, ADSTART | JADSTART);
}

void L4Adc::write_register(uint32_t offset, uint32_t written) {
    if (offset == CR) return write_control(written);
    if (is_locked(offset))
        return warn_once(warned_locked_, "a setting (CFGR, SMPR, SQR, DIFSEL ...) is written while a conversion may be under way: the write is lost");
    if (offset == ISR) {
        const bool took_data = (value(ISR) & written & EOC) != 0;
        value(ISR) &= ~written;
        if (took_data) data_taken();
    } else if (offset == JSQR) {
        write_context(written);
    } else {
        const bool was_off = has_queue_off();
        store(offset, written);
        if (has_queue_off() != was_off) clear_contexts();
    }
    if (offset == CFGR && has(CFGR, DFSDMCFG)) not_modelled();
    if (offset == CFGR && !has(CFGR, DMAEN)) request_.restart();
    update_irq();
}

void L4Adc::write_control(uint32_t written) {
    stop_groups(written);
    write_power(written);
    start_groups(written);
}

// RM0351 18.4.6, 18.4.8: deep power down, then the regulator, then calibration or ADEN.
void L4Adc::write_power(uint32_t written) {
    const bool had_regulator = has(CR, ADVREGEN);
    store(CR, written);
    if (has(CR, DEEPPWD)) value(CR) &= ~uint32_t{ADVREGEN};
    if (!has(CR, ADVREGEN)) {
        scheduler_.cancel(ready_event_);
        scheduler_.cancel(calibration_event_);
        value(CR) &= ~uint32_t{ADEN | ADCAL};
        ready_ = false;
    } else if (!had_regulator) {
        regulated_at_ = scheduler_.now() + regulator_ticks_;
    }
    if ((written & (ADEN | ADCAL)) == 0 || (written & ADDIS) != 0 || is_on() || has(CR, ADCAL)) return;
    if (!has(CR, ADVREGEN)) return warn_once(warned_order_, "CR.ADEN or ADCAL is written with the voltage regulator off (DEEPPWD 0, ADVREGEN 1 first): nothing happens");
    if (scheduler_.now() < regulated_at_)
        warn_once(warned_regulator_, "CR.ADEN or ADCAL is set before the voltage regulator is up (tADCVREG_STUP): a chip's results would be wrong");
    check_clock();
    if ((written & ADCAL) != 0) {
        value(CR) |= ADCAL;
        if (cycle_ticks() != 0) scheduler_.after(calibration_event_, calibration_cycles_ * cycle_ticks());
    } else {
        value(CR) |= ADEN;
        if (cycle_ticks() != 0) scheduler_.after(ready_event_, stabilisation_cycles * cycle_ticks());
    }
}

void L4Adc::on_ready() {
    ready_ = true;
    raise(ADRDY);
}

void L4Adc::on_calibrated() {
    value(CR) &= ~uint32_t{ADCAL};
    const unsigned shift = has(CR, ADCALDIF) ? 16 : 0;
    value(CALFACT) = (value(CALFACT) & ~(0x7Fu << shift)) | calibration_factor << shift;
}

void L4Adc::stop_groups(uint32_t written) {
    if ((written & ADSTP) != 0 && has(CR, ADSTART)) {
        abort(Group::regular);
        request_.line().set(false);
        sums_[0] = {};
        value(CR) &= ~uint32_t{ADSTART};
    }
    if ((written & JADSTP) != 0 && has(CR, JADSTART)) {
        abort(Group::injected);
        sums_[1] = {};
        value(CR) &= ~uint32_t{JADSTART};
        flush_contexts();
    }
    if ((written & ADDIS) == 0 || has(CR, ADSTART | JADSTART)) return;
    scheduler_.cancel(ready_event_);
    value(CR) &= ~uint32_t{ADEN};
    ready_ = false;
    flush_contexts();
}

// Without an external trigger a start is the trigger as well.
void L4Adc::start_groups(uint32_t written) {
    if ((written & (ADSTART | JADSTART)) == 0 || (written & ADDIS) != 0) return;
    if (!is_on() || !ready_) return warn_once(warned_order_, "CR.ADSTART or JADSTART is set before ISR.ADRDY: nothing is converted");
    for (Group group : {Group::regular, Group::injected}) {
        const uint32_t bit = group == Group::regular ? ADSTART : JADSTART;
        if ((written & bit) == 0 || has(CR, bit) || (group == Group::injected && has(CFGR, JAUTO))) continue;
        value(CR) |= bit;
        if (trigger(group).edges == 0) software_start(group);
    }
}

bool L4Adc::accepts(Group group) const {
    const bool is_slave = common_ != nullptr && common_->is_follower(number_, group);
    if (group == Group::injected && !has_context()) return false;
    return ready_ && (is_slave || has(CR, group == Group::regular ? ADSTART : JADSTART));
}

AdcBlock::Sequence L4Adc::sequence(Group group) const {
    if (group == Group::injected) return {(value(JSQR) & 3) + 1, has(CFGR, JDISCEN) ? 1u : 0u, false};
    const bool discontinuous = has(CFGR, DISCEN);
    return {(value(SQR1) & 15) + 1, discontinuous ? (value(CFGR) >> 17 & 7) + 1 : 0, has(CFGR, CONT) && !discontinuous};
}

unsigned L4Adc::channel_at(Group group, unsigned rank) const {
    if (group == Group::injected) return value(JSQR) >> (8 + 6 * rank) & 31;
    return value(SQR1 + (rank + 1) / slots * 4) >> 6 * ((rank + 1) % slots) & 31;
}

AdcBlock::Trigger L4Adc::trigger(Group group) const {
    if (group == Group::injected) return {value(JSQR) >> 6 & 3, value(JSQR) >> 2 & 15};
    return {value(CFGR) >> 10 & 3, value(CFGR) >> 6 & 15};
}

bool L4Adc::injects_behind_regular() const { return has(CFGR, JAUTO); }

unsigned L4Adc::resolution_bits() const { return 12 - 2 * (value(CFGR) >> 3 & 3); }

int64_t L4Adc::sampling_eighths(unsigned channel) const {
    const uint32_t setting = (channel < channels_of_smpr1 ? value(SMPR1) >> 3 * channel : value(SMPR2) >> 3 * (channel - channels_of_smpr1)) & 7;
    if (setting == 0 && (value(SMPR1) >> 31) != 0) return plus_half_cycles * half;      // SMPPLUS
    return sampling_half_cycles[setting] * half;
}

int64_t L4Adc::conversion_eighths() const { return (2 * resolution_bits() + 1) * half; }

int64_t L4Adc::latency_eighths(Group group) const {
    const auto* common = dynamic_cast<const L4AdcCommon*>(common_);
    return latency_by_clock_mode[common == nullptr ? 1 : common->clock_mode()] + (group == Group::injected ? eighths : 0);
}

bool L4Adc::is_differential(unsigned channel) const { return (value(DIFSEL) >> channel & 1) != 0; }

bool L4Adc::holds_regular() const { return has(CFGR, AUTDLY) && has(ISR, EOC); }

void L4Adc::raise(uint32_t flags) {
    value(ISR) |= flags;
    update_irq();
}

void L4Adc::update_irq() { irq_.set((value(ISR) & value(IER)) != 0); }

void L4Adc::state(Archive& archive) {
    AdcBlock::state(archive);
    archive(ready_event_, calibration_event_, regulated_at_, ready_, sums_, next_context_, contexts_, is_served_, warned_queue_, warned_regulator_, warned_order_, warned_locked_);
}

}  // namespace tinysim::stm32
