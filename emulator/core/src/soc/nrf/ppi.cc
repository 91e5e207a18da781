#include "soc/nrf/ppi.h"

#include <bit>
#include <cstdio>

namespace tinysim::nrf {

namespace {
constexpr int ppi_priority = 10;
constexpr uint32_t chen_offset = 0x500, chenset_offset = 0x504, chenclr_offset = 0x508,
                   ch_offset = 0x510, chg_offset = 0x800, fork_offset = 0x910;
constexpr unsigned programmable_count = 20;

// Product Specification, "Pre-programmed channels", 20 to 31: event and task.
constexpr uint32_t timer0 = 0x40008000, rtc0 = 0x4000B000, radio = 0x40001000, ccm_aar = 0x4000F000;
constexpr uint32_t radio_txen = radio, radio_rxen = radio + 4, radio_disable = radio + 0x10;
constexpr std::array<std::array<uint32_t, 2>, 12> fixed_channels{{
    {timer0 + 0x140, radio_txen},
    {timer0 + 0x140, radio_rxen},
    {timer0 + 0x144, radio_disable},
    {radio + 0x128, ccm_aar},                             // BCMATCH: AAR START
    {radio + 0x100, ccm_aar},                             // READY: CCM KSGEN
    {radio + 0x104, ccm_aar + 4},                         // ADDRESS: CCM CRYPT
    {radio + 0x104, timer0 + 0x44},                       // ADDRESS: CAPTURE[1]
    {radio + 0x10C, timer0 + 0x48},                       // END: CAPTURE[2]
    {rtc0 + 0x140, radio_txen},
    {rtc0 + 0x140, radio_rxen},
    {rtc0 + 0x140, timer0 + 0xC},                         // CLEAR
    {rtc0 + 0x140, timer0},                               // START
}};
}  // namespace

NrfPpi::NrfPpi(const Construction& construction)
    : Peripheral(construction), period_ticks_(scheduler_.ticks_per_second() / 16'000'000),
      deliver_event_(name_ + ".deliver", ppi_priority,
                     [this](Tick late_ticks) { deliver(late_ticks); }) {
    for (unsigned task = 0; task < 2 * group_count; ++task) has_tasks({task});
    fabric_.listen([this](uint32_t address) { on_event(address); });
    NrfPpi::reset();
}

void NrfPpi::reset() {
    Peripheral::reset();
    scheduler_.cancel(deliver_event_);
    channels_.fill({});
    for (unsigned i = 0; i < fixed_channels.size(); ++i)
        channels_[programmable_count + i] = {fixed_channels[i][0], fixed_channels[i][1], 0};
    groups_.fill(0);
    chen_ = warned_ = just_enabled_ = 0;
    pulses_.clear();
    next_pulse_ = 0;
}

// TASKS_CHG[n].EN is task 2n, .DIS is 2n + 1. Of both at the same time EN wins.
void NrfPpi::task(unsigned index) {
    const uint32_t group = groups_[index / 2];
    if (index % 2 == 1) {
        chen_ &= ~(group & ~just_enabled_);
        return;
    }
    chen_ |= group;
    if (delivering_) just_enabled_ |= group;
}

uint32_t* NrfPpi::find_register(uint32_t offset) {
    if (offset >= ch_offset && offset < ch_offset + 8 * programmable_count) {
        Channel& channel = channels_[(offset - ch_offset) / 8];
        return (offset - ch_offset) % 8 == 0 ? &channel.eep : &channel.tep;
    }
    if (offset >= fork_offset && offset < fork_offset + 4 * channel_count)
        return &channels_[(offset - fork_offset) / 4].fork;
    if (offset >= chg_offset && offset < chg_offset + 4 * group_count)
        return &groups_[(offset - chg_offset) / 4];
    return nullptr;
}

uint32_t NrfPpi::read_register(uint32_t offset) {
    if (const uint32_t* found = find_register(offset)) return *found;
    if (offset == chen_offset || offset == chenset_offset || offset == chenclr_offset) return chen_;
    not_modelled();
    return 0;
}

void NrfPpi::write_register(uint32_t offset, uint32_t value) {
    if (uint32_t* found = find_register(offset)) {
        *found = value;
        return;
    }
    switch (offset) {
    case chen_offset: chen_ = value; break;
    case chenset_offset: chen_ |= value; break;
    case chenclr_offset: chen_ &= ~value; break;
    default: not_modelled();
    }
}

void NrfPpi::on_event(uint32_t address) {
    for (uint32_t rest = chen_; rest != 0; rest &= rest - 1) {
        const auto channel = static_cast<unsigned>(std::countr_zero(rest));
        if (channels_[channel].eep == address) send(channel);
    }
}

void NrfPpi::send(unsigned channel) {
    const Tick due = (moment() / period_ticks_ + 1) * period_ticks_;
    size_t place = pulses_.size();
    while (place > next_pulse_ && pulses_[place - 1].due > due) --place;
    pulses_.insert(pulses_.begin() + static_cast<std::ptrdiff_t>(place), {due, channel});
    scheduler_.at(deliver_event_, pulses_[next_pulse_].due);
}

void NrfPpi::deliver(Tick late_ticks) {
    const Tick due = scheduler_.now() - late_ticks;
    const EventFabric::Lateness lateness(fabric_, late_ticks);
    delivering_ = true;
    while (next_pulse_ < pulses_.size() && pulses_[next_pulse_].due <= due) {
        const unsigned channel = pulses_[next_pulse_++].channel;
        trigger(channel, channels_[channel].tep);
        trigger(channel, channels_[channel].fork);
    }
    delivering_ = false;
    just_enabled_ = 0;
    pulses_.erase(pulses_.begin(), pulses_.begin() + static_cast<std::ptrdiff_t>(next_pulse_));
    next_pulse_ = 0;
    if (!pulses_.empty()) scheduler_.at(deliver_event_, pulses_.front().due);
}

void NrfPpi::trigger(unsigned channel, uint32_t task_address) {
    if (task_address == 0 || fabric_.trigger(task_address) || ((warned_ >> channel) & 1) != 0)
        return;
    warned_ |= 1u << channel;
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(),
                  ": channel %u triggers 0x%08X, a task that is not modelled", channel,
                  static_cast<unsigned>(task_address));
    recorder_.warn(name_ + text.data());
}

void NrfPpi::state(Archive& archive) {
    Peripheral::state(archive);
    archive(channels_, groups_, chen_, warned_, delivering_, just_enabled_, pulses_,
            next_pulse_, deliver_event_);
}

}  // namespace tinysim::nrf
