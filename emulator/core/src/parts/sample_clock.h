// A sensor's own data rate: exact fractions of a hertz, sample k comes k periods after the rate was set, rounded down to a tick,
// so that nothing drifts.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "tinysim/archive.h"
#include "tinysim/scheduler.h"

namespace tinysim {

struct Rate {
    int32_t numerator_hz = 0, denominator = 1;      // 0: power-down
    friend bool operator==(const Rate&, const Rate&) = default;
    void state(Archive& archive) { archive(numerator_hz, denominator); }
};

class SampleClock {
public:
    SampleClock(Scheduler& scheduler, const std::string& part, std::function<void(Tick at)> sample)
        : scheduler_(scheduler), sample_(std::move(sample)),
          event_(part + ".sample", priority, [this](Tick late) {
              const Tick at = scheduler_.now() - late;
              schedule();
              sample_(at);
          }) {}

    // The first sample comes one period from now. The same rate again changes nothing; true: it was another one.
    bool set(Rate rate) {
        if (rate == rate_) return false;
        rate_ = rate;
        since_ = scheduler_.now();
        number_ = 0;
        scheduler_.cancel(event_);
        if (is_running()) schedule();
        return true;
    }
    bool is_running() const { return rate_.numerator_hz != 0; }
    void state(Archive& archive) { archive(event_, rate_, since_, number_); }

    static constexpr int priority = 20;

private:
    void schedule() {
        const __int128 ticks = static_cast<__int128>(++number_) * rate_.denominator * scheduler_.ticks_per_second();
        scheduler_.at(event_, since_ + static_cast<Tick>(ticks / rate_.numerator_hz));
    }

    Scheduler& scheduler_;
    const std::function<void(Tick at)> sample_;
    Event event_;
    Rate rate_;
    Tick since_ = 0;
    int64_t number_ = 0;
};

}  // namespace tinysim
