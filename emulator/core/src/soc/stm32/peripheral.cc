#include "soc/stm32/peripheral.h"

#include <algorithm>

namespace tinysim::stm32 {

namespace {
constexpr int64_t default_hz = 16'000'000;

Clock timers_of(Clock bus) { return bus == Clock::pclk2 ? Clock::timers2 : Clock::timers1; }
}  // namespace

Peripheral::Peripheral(const Construction& construction, RegisterTable table, Bridge bridge)
    : scheduler_(construction.scheduler), recorder_(construction.recorder), name_(construction.name), table_(table),
      bridge_(bridge), gate_(static_cast<uint32_t>(construction.number("gate", no_gate))),
      selection_(static_cast<uint32_t>(construction.number("clockSelection", no_selection))),
      frequency_hz_(construction.number("frequency", default_hz)),
      tree_(dynamic_cast<ClockTree*>(construction.node("rcc"))), values_(table.size()), warned_(table.size()) {
    Peripheral::reset();
    if (tree_ == nullptr) return;
    tree_->on_change([this] {
        follow_stop();
        on_clock_changed();
    });
    if (gate_ != no_gate) tree_->on_block_reset(gate_, [this] { reset(); });
}

void Peripheral::reset() {
    for (size_t i = 0; i < table_.size(); ++i) values_[i] = table_[i].reset;
    irq_.set(false);
    std::fill(left_ticks_.begin(), left_ticks_.end(), never);
}

void Peripheral::wait_in_stop(std::initializer_list<Event*> events, StopsWith clock) {
    waiting_events_.insert(waiting_events_.end(), events);
    left_ticks_.assign(waiting_events_.size(), never);
    stops_with_ = clock;
}

void Peripheral::follow_stop() {
    if ((stops_with_ == StopsWith::bus ? is_stopped() : kernel_ticks() == 0) == stopped_) return;
    stopped_ = !stopped_;
    for (size_t i = 0; i < waiting_events_.size(); ++i) {
        Event& event = *waiting_events_[i];
        if (stopped_) {
            left_ticks_[i] = event.is_scheduled() ? std::max<Tick>(event.due() - scheduler_.now(), 0) : never;
            scheduler_.cancel(event);
        } else if (const Tick left = std::exchange(left_ticks_[i], never); left != never) {
            scheduler_.after(event, left);
        }
    }
}

Tick Peripheral::clock_ticks() const {
    if (!is_clocked()) return 0;
    return clock_ticks(tree_ == nullptr ? Clock::hclk : tree_->bus_clock(gate_), frequency_hz_);
}

Tick Peripheral::timer_ticks() const {
    if (!is_clocked()) return 0;
    return clock_ticks(tree_ == nullptr ? Clock::timers1 : timers_of(tree_->bus_clock(gate_)), frequency_hz_);
}

Tick Peripheral::kernel_ticks() const {
    if (tree_ == nullptr || selection_ == no_selection) return clock_ticks();
    return is_clocked() ? tree_->kernel_period(selection_, gate_) : 0;
}

Tick Peripheral::clock_ticks(Clock clock, int64_t otherwise_hz) const {
    return tree_ == nullptr ? scheduler_.ticks_per_second() / otherwise_hz : tree_->period(clock);
}

void Peripheral::warn_once(bool& warned, const char* text) {
    if (!std::exchange(warned, true)) recorder_.warn(name_ + ": " + text);
}

bool Peripheral::answers(uint32_t offset) {
    if (is_clocked()) return true;
    if (std::exchange(warned_[offset / 4], 1) == 0)
        recorder_.warn(name_ + "." + table_[offset / 4].name +
                       " is accessed while RCC keeps the block's clock off: reads are 0, writes are lost");
    return false;
}

uint32_t Peripheral::read(uint32_t offset, unsigned bytes) {
    if (!has(offset)) {
        not_modelled();
        return 0;
    }
    if (!answers(offset)) return 0;
    access_bytes_ = bytes;
    const uint32_t word = read_register(offset & ~3u) >> ((offset & 3) * 8);
    return bytes == 4 ? word : word & (bytes == 1 ? 0xFFu : 0xFFFFu);
}

void Peripheral::write(uint32_t offset, uint32_t written, unsigned bytes) {
    if (!has(offset)) return not_modelled();
    if (!answers(offset)) return;
    const uint32_t word = offset & ~3u;
    access_bytes_ = bytes;
    if (bytes != 4 && bridge_ == Bridge::apb) {
        written = bytes == 1 ? (written & 0xFF) * 0x01010101u : (written & 0xFFFF) * 0x00010001u;
    } else if (bytes != 4) {
        const unsigned shift = (offset & 3) * 8;
        const uint32_t lanes = (bytes == 1 ? 0xFFu : 0xFFFFu) << shift;
        written = (merge_base(word) & ~lanes) | ((written << shift) & lanes);
    }
    write_register(word, written);
}

void Peripheral::state(Archive& archive) {
    Device::state(archive);
    archive(values_, warned_, irq_, left_ticks_, stopped_);
}

}  // namespace tinysim::stm32
