// Tamper detection of the RTC, RM0090 26.3.13, RM0351 38.3.14: by an edge, or by samples of the level at 2 to 8 times in a row.
#include "soc/stm32/rtc.h"
#include "soc/stm32/rtc_registers.h"

namespace tinysim::stm32 {

using namespace rtc;

namespace {
unsigned filter_of(uint32_t control) { return control >> 11 & 3; }
int64_t sample_cycles(uint32_t control) { return 32'768 >> (control >> 8 & 7); }
int64_t precharge_cycles(uint32_t control) { return (control & TAMPPUDIS) != 0 ? 0 : 1 << (control >> 13 & 3); }
constexpr uint32_t every_enable = tamper_enables[0] | tamper_enables[1] | tamper_enables[2];
}  // namespace

// Pins 0.. are what inputs 1.. bring: RTC_AF1 and RTC_AF2 of the F4, one pin for each tamper input of the L4.
void Rtc::on_pin(unsigned pin, bool level) {
    const auto bit = static_cast<uint8_t>(1u << pin);
    pins_ = static_cast<uint8_t>(level ? pins_ | bit : pins_ & ~bit);
    if (pin == (!is_l4_ && (value(TAFCR) & TSINSEL) != 0 ? 1u : 0u)) on_stamp(level);
    look_for_edges();
}

bool Rtc::is_enabled(unsigned tamper) const { return (value(TAFCR) & tamper_enables[tamper]) != 0; }

// A pin that nothing is wired to is up by the pull that charges it before a sample.
bool Rtc::is_at_trigger(unsigned tamper) const {
    const uint32_t control = value(TAFCR);
    const unsigned pin = !is_l4_ && tamper == 0 && (control & TAMP1INSEL) != 0 ? 1 : tamper;
    const bool is_pulled = filter_of(control) != 0 && (control & TAMPPUDIS) == 0 && (wired_pins_ >> pin & 1) == 0;
    const bool level = is_pulled || (pins_ >> pin & 1) != 0, trigger = (control & tamper_enables[tamper] << 1) != 0;
    return filter_of(control) == 0 ? level != trigger : level == trigger;
}

// The input counts together with its enable: a level that is there already is an edge.
void Rtc::look_for_edges() {
    if (filter_of(value(TAFCR)) != 0) return;
    for (unsigned tamper = 0; tamper < tampers; ++tamper) {
        const auto bit = static_cast<uint8_t>(1u << tamper);
        const bool is_active = is_enabled(tamper) && is_at_trigger(tamper), was_active = (active_ & bit) != 0;
        active_ = static_cast<uint8_t>(is_active ? active_ | bit : active_ & ~bit);
        if (is_active && !was_active) detect(tamper);
    }
}

void Rtc::write_tamper(uint32_t written) {
    const uint32_t before = value(TAFCR);
    store(TAFCR, written);
    const uint32_t control = value(TAFCR);
    if (filter_of(control) == 0 || (control & every_enable) == 0) {
        cancel(sample_);
    } else if (before != control || !is_under_way(sample_)) {
        for (uint8_t& each : samples_) each = 0;
        start(sample_, sample_cycles(control) + precharge_cycles(control));
    }
    if (filter_of(control) != 0) active_ = 0;
    look_for_edges();
    update_lines();
}

void Rtc::on_sample(Tick late) {
    start(sample_, sample_cycles(value(TAFCR)), scheduler_.now() - late);
    const unsigned wanted = 1u << filter_of(value(TAFCR));
    for (unsigned tamper = 0; tamper < tampers; ++tamper) {
        const bool counts = is_enabled(tamper) && is_at_trigger(tamper);
        samples_[tamper] = static_cast<uint8_t>(counts ? samples_[tamper] + 1 : 0);
        if (samples_[tamper] < wanted) continue;
        samples_[tamper] = 0;
        detect(tamper);
    }
}

// While its flag is set an input detects nothing more. A masked one (MF) is a trigger alone.
void Rtc::detect(unsigned tamper) {
    const uint32_t control = value(TAFCR), flag = TAMP1F << tamper;
    if ((value(ISR) & flag) != 0) return;
    if ((control & TAMPTS) != 0) take_stamp();
    if (is_l4_ && (control & TAMP1MF << tamper * bits_of_tamper) != 0) return;
    value(ISR) |= flag;
    if (holds_backup()) erase_backup();
    update_lines();
}

// Backup registers stay 0 while the flag of a tamper that erases is set.
bool Rtc::holds_backup() const {
    for (unsigned tamper = 0; tamper < tampers; ++tamper) {
        const bool erases = !is_l4_ || (value(TAFCR) & TAMP1NOERASE << tamper * bits_of_tamper) == 0;
        if (erases && (value(ISR) & TAMP1F << tamper) != 0) return true;
    }
    return false;
}

bool Rtc::tamper_interrupts() const {
    const uint32_t control = value(TAFCR);
    for (unsigned tamper = 0; tamper < tampers; ++tamper) {
        const bool is_enabled = (control & TAMPIE) != 0 || (is_l4_ && (control & TAMP1IE << tamper * bits_of_tamper) != 0);
        if (is_enabled && (value(ISR) & TAMP1F << tamper) != 0) return true;
    }
    return false;
}

}  // namespace tinysim::stm32
