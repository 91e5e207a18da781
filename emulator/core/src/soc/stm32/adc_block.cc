#include "soc/stm32/adc_block.h"

#include <algorithm>

#include "soc/stm32/adc_common.h"
#include "soc/stm32/analog_outputs.h"

namespace tinysim::stm32 {

namespace {
constexpr int conversion_priority = 40;
constexpr unsigned triggers_of_a_group = 16, last_item_input = 32, no_channel = 99, full_scale_bits = 12;
constexpr int64_t full_scale = 1 << full_scale_bits;

unsigned channel_number(const Construction& construction, const char* key) {
    return static_cast<unsigned>(construction.number(key, no_channel));
}
}  // namespace

AdcBlock::AdcBlock(const Construction& construction, RegisterTable table, Bridge bridge)
    : Peripheral(construction, table, bridge), number_(static_cast<unsigned>(construction.number("number", 1))),
      common_(dynamic_cast<AdcCommon*>(construction.node("common"))), dac_(dynamic_cast<AnalogOutputs*>(construction.node("dac"))),
      dac_channel_(channel_number(construction, "dacChannel")),
      reference_microvolts_(std::max<int64_t>(construction.number("referenceMillivolts", 3300), 1) * 1000),
      most_hz_(construction.chip_number("adc_most_hz", 36'000'000)),
      temperature_channel_(channel_number(construction, "temperatureChannel")),
      reference_channel_(channel_number(construction, "referenceChannel")),
      battery_channel_(channel_number(construction, "batteryChannel")),
      temperature_microvolts_(construction.chip_number("adc_temperature_microvolts", 760'000)),
      internal_reference_microvolts_(construction.chip_number("adc_vrefint_microvolts", 1'210'000)),
      battery_microvolts_(construction.chip_number("adc_battery_microvolts", 1'650'000)),
      records_(construction.number("recordConversions", 0) != 0),
      level_(records_ ? construction.recorder.name_level(construction.name + ".code") : uint16_t{0}),
      event_(name_ + ".conversion", conversion_priority, [this](Tick late) { on_event(late); }) {
    wait_in_stop({&event_});
    if (common_ != nullptr) common_->join(number_, *this);
}

void AdcBlock::reset() {
    Peripheral::reset();
    abort_all();
    request_.restart();
}

Line* AdcBlock::output(std::string_view name) {
    return name == "DMARequest" ? &request_.line() : Peripheral::output(name);
}

std::optional<Line::Sink> AdcBlock::input(unsigned number) {
    if (number > last_item_input) return std::nullopt;
    return [this, number](bool level) {
        if (number < last_item_input) on_external(number, level);
        else if (level) request_.note_last();
    };
}

void AdcBlock::on_external(unsigned number, bool level) {
    const Group group = number < triggers_of_a_group ? Group::regular : Group::injected;
    const Trigger wanted = trigger(group);
    if ((wanted.edges & (level ? 1 : 2)) == 0 || wanted.number != number % triggers_of_a_group || !is_clocked()) return;
    if (common_ == nullptr) return start(group, scheduler_.moment());
    common_->start(number_, group, scheduler_.moment());
}

void AdcBlock::software_start(Group group) {
    if (common_ == nullptr) start(group, scheduler_.now());
    else common_->start(number_, group, scheduler_.now());
}

void AdcBlock::start(Group group, Tick at, Tick delay_ticks) {
    Turn& it = turn(group);
    if (it.active || !accepts(group)) return;
    const Sequence wanted = sequence(group);
    if (it.rank >= wanted.length) it.rank = 0;
    it.active = true;
    it.left = static_cast<uint8_t>(wanted.per_trigger != 0 ? wanted.per_trigger : wanted.length);
    check_clock();
    began(group);
    if (group == Group::injected && busy_ == Group::regular) stop_conversion();      // it begins anew behind the injected ones
    if (busy_ == Group::none && !(group == Group::regular && is_active(Group::injected)))
        convert(group, at + ticks(latency_eighths(group)) + delay_ticks);
}

void AdcBlock::abort(Group group) {
    turn(group) = {};
    if (busy_ == group) stop_conversion();
}

void AdcBlock::abort_all() {
    for (Group group : {Group::regular, Group::injected}) abort(group);
}

void AdcBlock::stop_conversion() {
    scheduler_.cancel(event_);
    busy_ = Group::none;
    sampling_ = false;
}

void AdcBlock::resume(Tick at) {
    if (busy_ != Group::none) return;
    if (is_active(Group::injected)) return convert(Group::injected, at);
    if (!is_active(Group::regular) || holds_regular()) return;
    convert(Group::regular, std::max(at, began_at_ + (common_ == nullptr ? 0 : common_->spacing_ticks())));
}

void AdcBlock::convert(Group group, Tick at) {
    if (cycle_ticks() == 0) return warn_once(warned_no_clock_, "a conversion is started while the ADC has no clock: it never ends");
    busy_ = group;
    sampling_ = true;
    channel_ = static_cast<uint8_t>(std::min(channel_at(group, turn(group).rank), channels - 1));
    began_at_ = at;
    scheduler_.at(event_, at + ticks(sampling_eighths(channel_)));
}

void AdcBlock::on_event(Tick late) {
    const Tick at = scheduler_.now() - late;
    if (!sampling_) return finish(at);
    sampling_ = false;
    code_ = measure(at);
    if (records_) recorder_.level_changes.push_back({at, level_, static_cast<int32_t>(code_)});
    scheduler_.at(event_, at + ticks(conversion_eighths()));
    sampled();
}

void AdcBlock::finish(Tick at) {
    const Group group = std::exchange(busy_, Group::none);
    Turn& it = turn(group);
    if (const Accumulation state = accumulate(group, code_); state != Accumulation::done) {
        if (state == Accumulation::awaits_trigger) it.active = false;
        return resume(at);
    }
    const Sequence wanted = sequence(group);
    const unsigned rank = it.rank;
    const bool ends = rank + 1 >= wanted.length;
    it.rank = static_cast<uint8_t>(ends ? 0 : rank + 1);
    --it.left;
    if (ends || it.left == 0) {
        it.active = group == Group::regular && ends && wanted.is_continuous;
        it.left = static_cast<uint8_t>(wanted.length);
    }
    if (group == Group::regular && ends && injects_behind_regular())
        turn(Group::injected) = {.active = true, .rank = 0, .left = static_cast<uint8_t>(sequence(Group::injected).length)};
    converted({group, rank, channel_, code_, ends});
    resume(at);
}

Tick AdcBlock::cycle_ticks() const { return common_ == nullptr ? clock_ticks() : common_->cycle_ticks(clock_ticks(), kernel_ticks()); }

Tick AdcBlock::sampling_ticks() const { return ticks(sampling_eighths(std::min(channel_at(Group::regular, turn(Group::regular).rank), channels - 1))); }

void AdcBlock::check_clock() {
    if (warned_clock_ || cycle_ticks() == 0) return;
    const int64_t clock_hz = scheduler_.ticks_per_second() / cycle_ticks();
    if (clock_hz <= most_hz_) return;
    const std::string text = "the ADC's clock is " + std::to_string(clock_hz) + " Hz (CCR), the chip's limit is " + std::to_string(most_hz_) + " Hz";
    warn_once(warned_clock_, text.c_str());
}

void AdcBlock::lose() {
    warn_once(warned_lost_, "a result is lost (SR.OVR, ISR.OVR): the one before it had not been read");
    lost();
}

// Rounded to the nearest code; a differential input has its zero in the middle (RM0351 18.4.7).
uint32_t AdcBlock::measure(Tick at) {
    int64_t voltage = microvolts(channel_, at), scale = full_scale, zero = 0;
    if (is_differential(channel_)) {
        voltage -= microvolts(channel_ + 1u, at);
        scale = zero = full_scale / 2;
    }
    const int64_t doubled = 2 * voltage * scale + reference_microvolts_, unit = 2 * reference_microvolts_;
    const int64_t code = zero + (doubled >= 0 ? doubled / unit : -((unit - 1 - doubled) / unit));
    return static_cast<uint32_t>(std::clamp<int64_t>(code, 0, full_scale - 1)) >> (full_scale_bits - resolution_bits());
}

int64_t AdcBlock::microvolts(unsigned channel, Tick at) {
    const bool is_inside = channel == temperature_channel_ || channel == reference_channel_ || channel == battery_channel_;
    if (is_inside && common_ != nullptr) {
        if (channel == battery_channel_ && common_->has_battery()) return battery_microvolts_;
        if (channel == temperature_channel_ && common_->has_temperature()) return temperature_microvolts_;
        if (channel == reference_channel_ && common_->has_reference()) return internal_reference_microvolts_;
    }
    if (AnalogSource* found = source(channel); found != nullptr) return found->microvolts(at);
    const uint32_t bit = 1u << (channel & 31);
    if ((std::exchange(warned_channels_, warned_channels_ | bit) & bit) == 0)
        recorder_.warn(name_ + ": channel " + std::to_string(channel) +
                       (is_inside ? " is converted while CCR keeps its source off: it reads 0 V"
                                  : " has nothing attached: it reads 0 V (a signal is `name: Sensors.AnalogSignal @ " + name_ + " " +
                                        std::to_string(channel) + "`)"));
    return 0;
}

AnalogSource* AdcBlock::source(unsigned channel) {
    if (dac_ != nullptr && (channel == dac_channel_ || channel == dac_channel_ + 1))
        if (AnalogSource* driver = dac_->driver(channel - dac_channel_); driver != nullptr) return driver;
    return sockets_.find(channel);
}

void AdcBlock::state(Archive& archive) {
    Peripheral::state(archive);
    archive(request_, event_, turns_, busy_, sampling_, channel_, code_, began_at_);
    archive(warned_channels_, warned_clock_, warned_no_clock_, warned_lost_);
}

}  // namespace tinysim::stm32
