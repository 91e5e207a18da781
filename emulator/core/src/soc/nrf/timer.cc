#include "soc/nrf/timer.h"

#include <algorithm>

namespace tinysim::nrf {

namespace {
enum Task : unsigned {
    start_task = 0,
    stop_task = 1,
    count_task = 2,
    clear_task = 3,
    shutdown_task = 4,
    capture_task = 16
};
constexpr unsigned compare_event = 16;
constexpr int timer_priority = 20;
constexpr uint32_t mode_offset = 0x504, bitmode_offset = 0x508, prescaler_offset = 0x510,
                   cc_offset = 0x540;
constexpr uint32_t prescaler_after_reset = 4, prescaler_most = 9;
}  // namespace

NrfTimer::NrfTimer(const Construction& construction)
    : Peripheral(construction), cc_count_(construction.number("numberOfEvents", 4) > 4 ? 6 : 4),
      cycle_ticks_(scheduler_.ticks_per_second() / 16'000'000),
      compare_event_(name_ + ".compare", timer_priority,
                     [this](Tick late_ticks) { on_compare(late_ticks); }) {
    has_tasks({start_task, stop_task, count_task, clear_task, shutdown_task});
    for (unsigned number = 0; number < cc_count_; ++number) {
        has_tasks({capture_task + number});
        has_events({compare_event + number});
    }
    has_shorts({{0, 16, clear_task}, {1, 17, clear_task}, {2, 18, clear_task}, {3, 19, clear_task},
                {4, 20, clear_task}, {5, 21, clear_task}, {8, 16, stop_task}, {9, 17, stop_task},
                {10, 18, stop_task}, {11, 19, stop_task}, {12, 20, stop_task},
                {13, 21, stop_task}});
    NrfTimer::reset();
}

void NrfTimer::reset() {
    Peripheral::reset();
    scheduler_.cancel(compare_event_);
    running_ = false;
    mode_ = bitmode_ = base_count_ = 0;
    base_at_ = 0;
    prescaler_ = prescaler_after_reset;
    cc_.fill(0);
}

uint32_t NrfTimer::mask() const {
    switch (bitmode_) {
    case 1: return 0xFF;
    case 2: return 0xFFFFFF;
    case 3: return 0xFFFFFFFF;
    default: return 0xFFFF;
    }
}

int64_t NrfTimer::increments(Tick at) const {
    return counts_time() ? std::max<int64_t>(0, (at - base_at_) / period_ticks()) : 0;
}

uint32_t NrfTimer::counter(Tick at) const {
    return (base_count_ + static_cast<uint32_t>(increments(at))) & mask();
}

void NrfTimer::rebase(uint32_t count) {
    base_count_ = count & mask();
    base_at_ = (moment() + cycle_ticks_ - 1) / cycle_ticks_ * cycle_ticks_;
}

void NrfTimer::task(unsigned index) {
    settle();
    switch (index) {
    case start_task:
        if (running_) return;
        running_ = true;
        rebase(base_count_);
        break;
    case stop_task: stop(); break;
    case count_task: count(); break;
    case clear_task: rebase(0); break;
    case shutdown_task:
        stop();
        rebase(0);
        break;
    default: capture(index - capture_task);
    }
    schedule();
}

void NrfTimer::stop() {
    rebase(counter(moment()));
    running_ = false;
}

void NrfTimer::capture(unsigned number) { cc_[number] = counter(moment()); }

void NrfTimer::count() {
    if (!running_ || mode_ == 0) return;
    base_count_ = (base_count_ + 1) & mask();
    compare(base_count_);
}

void NrfTimer::settle() {
    while (compare_event_.is_scheduled() && compare_event_.due() <= moment()) {
        const Tick late_ticks = scheduler_.now() - compare_event_.due();
        scheduler_.cancel(compare_event_);
        on_compare(late_ticks);
    }
}

// The next increment that makes the counter equal to any CC; equal now: a full turn later.
void NrfTimer::schedule() {
    scheduler_.cancel(compare_event_);
    if (!counts_time()) return;
    const int64_t done = increments(moment());
    const uint32_t count = counter(moment());
    int64_t next = int64_t{mask()} + 1;
    for (unsigned number = 0; number < cc_count_; ++number) {
        const uint32_t distance = (cc_[number] - count) & mask();
        if (distance != 0) next = std::min<int64_t>(next, distance);
    }
    scheduler_.at(compare_event_, base_at_ + (done + next) * period_ticks());
}

void NrfTimer::on_compare(Tick late_ticks) {
    const EventFabric::Lateness lateness(fabric_, late_ticks);
    compare(counter(moment()));
    schedule();
}

void NrfTimer::compare(uint32_t count) {
    unsigned matches = 0;
    for (unsigned number = 0; number < cc_count_; ++number)
        if ((cc_[number] & mask()) == count) matches |= 1u << number;
    for (unsigned number = 0; number < cc_count_; ++number)
        if (((matches >> number) & 1) != 0) raise(compare_event + number);
}

uint32_t NrfTimer::read_register(uint32_t offset) {
    const unsigned number = (offset - cc_offset) / 4;
    if (offset >= cc_offset && number < cc_count_) return cc_[number];
    switch (offset) {
    case mode_offset: return mode_;
    case bitmode_offset: return bitmode_;
    case prescaler_offset: return prescaler_;
    default: not_modelled(); return 0;
    }
}

void NrfTimer::write_register(uint32_t offset, uint32_t value) {
    settle();
    const unsigned number = (offset - cc_offset) / 4;
    if (offset >= cc_offset && number < cc_count_) {
        cc_[number] = value;
        return schedule();
    }
    const uint32_t count = counter(moment());
    switch (offset) {
    case mode_offset: mode_ = value & 3; break;
    case bitmode_offset: bitmode_ = value & 3; break;
    case prescaler_offset: prescaler_ = std::min(value & 0xF, prescaler_most); break;
    default: return not_modelled();
    }
    rebase(count);
    schedule();
}

void NrfTimer::state(Archive& archive) {
    Peripheral::state(archive);
    archive(running_, mode_, bitmode_, prescaler_, cc_, base_at_, base_count_, compare_event_);
}

}  // namespace tinysim::nrf
