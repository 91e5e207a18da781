#include "soc/nrf/rtc.h"

#include <algorithm>

namespace tinysim::nrf {

namespace {
enum Task : unsigned {
    start_task = 0,
    stop_task = 1,
    clear_task = 2,
    trigovrflw_task = 3,
    cc_change = 4
};
constexpr unsigned tick_event = 0, ovrflw_event = 1, compare_event = 16;
constexpr int change_priority = 18, increment_priority = 19;
constexpr uint32_t evten_offset = 0x340, evtenset_offset = 0x344, evtenclr_offset = 0x348,
                   counter_offset = 0x504, prescaler_offset = 0x508, cc_offset = 0x540;
constexpr uint32_t counter_mask = 0xFFFFFF, prescaler_mask = 0xFFF, count_near_overflow = 0xFFFFF0;
}  // namespace

NrfRtc::NrfRtc(const Construction& construction)
    : Peripheral(construction), cc_count_(construction.number("numberOfEvents", 4) > 3 ? 4 : 3),
      lfclk_ticks_(scheduler_.ticks_per_second() / 32768),
      change_event_(name_ + ".change", change_priority,
                    [this](Tick late_ticks) { on_changes(late_ticks); }),
      increment_event_(name_ + ".increment", increment_priority,
                       [this](Tick late_ticks) { on_increment(late_ticks); }) {
    has_tasks({start_task, stop_task, clear_task, trigovrflw_task});
    has_events({tick_event, ovrflw_event});
    for (unsigned number = 0; number < cc_count_; ++number) {
        has_events({compare_event + number});
        events_implemented_ |= 1u << (compare_event + number);
    }
    changes_.reserve(16);                                 // four tasks and four CCs at two edges
    NrfRtc::reset();
}

void NrfRtc::reset() {
    Peripheral::reset();
    scheduler_.cancel(change_event_);
    scheduler_.cancel(increment_event_);
    changes_.clear();
    running_ = false;
    evten_ = prescaler_ = latched_prescaler_ = 0;
    cc_written_.fill(0);
    cc_.fill(0);
    rebase(0, 0);
}

Tick NrfRtc::effect_edge(Tick at) const {
    const Tick cycle = at / lfclk_ticks_;
    const bool falling_edge_to_come = 2 * (at % lfclk_ticks_) < lfclk_ticks_;
    return (cycle + (falling_edge_to_come ? 1 : 2)) * lfclk_ticks_;
}

uint32_t NrfRtc::counter(Tick at) const {
    const int64_t increments =
        counts() ? std::max<int64_t>(0, (at - base_at_) / period_ticks()) : 0;
    return (base_count_ + static_cast<uint32_t>(increments)) & counter_mask;
}

void NrfRtc::rebase(uint32_t count, Tick at) {
    base_count_ = count;
    base_at_ = at;
    handled_ = 0;
}

std::optional<Line::Sink> NrfRtc::input(unsigned number) {
    if (number != 0) return std::nullopt;
    if (!std::exchange(lfclk_connected_, true))
        on_lfclk(false);  // a line says nothing until it rises
    return [this](bool runs) { on_lfclk(runs); };
}

// Without LFCLK the counter and all changes wait; they go on with its first edges.
void NrfRtc::on_lfclk(bool runs) {
    if (runs == has_lfclk_) return;
    settle();
    const Tick now = moment();
    const uint32_t count = counter(now);
    has_lfclk_ = runs;
    rebase(count, effect_edge(now) - lfclk_ticks_);
    for (Change& change : changes_) change.due = effect_edge(now);
    scheduler_.cancel(change_event_);
    if (runs && !changes_.empty()) scheduler_.at(change_event_, changes_.front().due);
    schedule();
}

void NrfRtc::task(unsigned index) { request(index, 0); }

// Of several requests of one kind for one edge the last one counts.
void NrfRtc::request(unsigned what, uint32_t value) {
    const Tick due = has_lfclk_ ? effect_edge(moment()) : never;
    std::erase_if(changes_,
                  [&](const Change& each) { return each.what == what && each.due == due; });
    changes_.push_back({due, what, value});
    if (has_lfclk_) scheduler_.at(change_event_, changes_.front().due);
}

void NrfRtc::on_changes(Tick late_ticks) {
    const EventFabric::Lateness lateness(fabric_, late_ticks);
    while (!changes_.empty() && changes_.front().due <= moment()) {
        const Change change = changes_.front();
        changes_.erase(changes_.begin());
        apply(change);
    }
    if (!changes_.empty()) scheduler_.at(change_event_, changes_.front().due);
    schedule();
}

// At an edge, before the increment there. START's first increment is that of this very edge.
void NrfRtc::apply(const Change& change) {
    const Tick edge = change.due;
    if (change.what >= cc_change) {
        cc_[change.what - cc_change] = change.value;
        return;
    }
    if (change.what == start_task && running_) return;
    const uint32_t count = counter(edge - 1);
    const bool starts = change.what == start_task;
    if (change.what == start_task) running_ = true;
    if (change.what == stop_task) running_ = false;
    if (change.what != stop_task) latched_prescaler_ = prescaler_;
    if (change.what == clear_task) rebase(0, edge);
    else if (change.what == trigovrflw_task) rebase(count_near_overflow, edge);
    else rebase(count, starts ? edge - lfclk_ticks_ : edge);
}

void NrfRtc::settle() {
    while (increment_event_.is_scheduled() && increment_event_.due() <= moment()) {
        const Tick late_ticks = scheduler_.now() - increment_event_.due();
        scheduler_.cancel(increment_event_);
        on_increment(late_ticks);
    }
}

// The first increment from `from` on (counted since base) that makes the counter equal to `count`.
int64_t NrfRtc::next_match(uint32_t count, int64_t from) const {
    const uint32_t at_from = (base_count_ + static_cast<uint32_t>(from)) & counter_mask;
    return from + ((count - at_from) & counter_mask);
}

// Only increments that somebody can observe: by INTEN or EVTEN.
void NrfRtc::schedule() {
    scheduler_.cancel(increment_event_);
    const uint32_t wanted = inten() | evten_;
    if (!counts() || wanted == 0) return;
    const Tick since_base = moment() - base_at_;
    const int64_t at_moment = (since_base + period_ticks() - 1) / period_ticks();
    const int64_t from = std::max(handled_ + 1, at_moment);
    int64_t next = never;
    if ((wanted >> tick_event) & 1) next = from;
    if ((wanted >> ovrflw_event) & 1) next = std::min(next, next_match(0, from));
    for (unsigned number = 0; number < cc_count_; ++number)
        if ((wanted >> (compare_event + number)) & 1)
            next = std::min(next, next_match(cc_[number], from));
    scheduler_.at(increment_event_, base_at_ + next * period_ticks());
}

void NrfRtc::on_increment(Tick late_ticks) {
    const EventFabric::Lateness lateness(fabric_, late_ticks);
    handled_ = (moment() - base_at_) / period_ticks();
    const uint32_t count = counter(moment());
    const uint32_t wanted = inten() | evten_;
    if ((wanted >> tick_event) & 1) raise(tick_event);
    if (((wanted >> ovrflw_event) & 1) != 0 && count == 0) raise(ovrflw_event);
    for (unsigned number = 0; number < cc_count_; ++number)
        if (((wanted >> (compare_event + number)) & 1) != 0 && count == cc_[number])
            raise(compare_event + number);
    schedule();
}

void NrfRtc::on_inten_written() {
    settle();
    schedule();
}

void NrfRtc::write_evten(uint32_t value) {
    settle();
    evten_ = value & events_implemented_;
    schedule();
}

uint32_t NrfRtc::read_register(uint32_t offset) {
    const unsigned number = (offset - cc_offset) / 4;
    if (offset >= cc_offset && number < cc_count_) return cc_written_[number];
    switch (offset) {
    case evten_offset: case evtenset_offset: case evtenclr_offset: return evten_;
    case counter_offset: return counter(moment());
    case prescaler_offset: return prescaler_;
    default: not_modelled(); return 0;
    }
}

void NrfRtc::write_register(uint32_t offset, uint32_t value) {
    const unsigned number = (offset - cc_offset) / 4;
    if (offset >= cc_offset && number < cc_count_) {
        cc_written_[number] = value & counter_mask;
        if (counts()) return request(cc_change + number, cc_written_[number]);
        cc_[number] = cc_written_[number];
        return;
    }
    switch (offset) {
    case evten_offset: return write_evten(value);
    case evtenset_offset: return write_evten(evten_ | value);
    case evtenclr_offset: return write_evten(evten_ & ~value);
    case counter_offset: return;
    case prescaler_offset:
        if (!running_) prescaler_ = value & prescaler_mask;
        return;
    default: not_modelled();
    }
}

void NrfRtc::state(Archive& archive) {
    Peripheral::state(archive);
    archive(running_, has_lfclk_, lfclk_connected_, evten_, prescaler_, latched_prescaler_,
            cc_written_, cc_, base_at_, base_count_, handled_, changes_, change_event_,
            increment_event_);
}

}  // namespace tinysim::nrf
