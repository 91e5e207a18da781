// Something that happens `frequency` times a second from now on, exact over any length of time
// although a period need not be a whole number of ticks. For parts that disturb a firmware on
// purpose; input 0 holds it back while it is high.
#pragma once

#include <stdexcept>
#include <utility>

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim {

class Paced : public Node {
public:
    void state(Archive& archive) override { archive(event_, rest_, is_held_); }
    void reset() override {}  // it comes from outside: a system reset does not end it
    std::optional<Line::Sink> input(unsigned number) override {
        if (number != 0) return std::nullopt;
        return [this](bool level) { hold(level); };
    }

protected:
    explicit Paced(const Construction& construction)
        : scheduler_(construction.scheduler), frequency_hz_(construction.number("frequency", 0)),
          event_(construction.name, priority,
                 [this](Tick late_ticks) { step(scheduler_.now() - late_ticks); }) {
        if (frequency_hz_ <= 0 || frequency_hz_ > scheduler_.ticks_per_second())
            throw std::invalid_argument("'" + construction.name +
                                        "' needs a frequency from 1 Hz to the resolution of time");
        schedule(scheduler_.now());
    }
    virtual void happen(Tick at) = 0;

private:
    static constexpr int priority = 90;     // behind all devices of the same moment

    void schedule(Tick from) {
        rest_ += scheduler_.ticks_per_second() % frequency_hz_;
        const bool carries = rest_ >= frequency_hz_;
        if (carries) rest_ -= frequency_hz_;
        const Tick period_ticks = scheduler_.ticks_per_second() / frequency_hz_ + (carries ? 1 : 0);
        scheduler_.at(event_, from + period_ticks);
    }
    void step(Tick at) {
        schedule(at);
        happen(at);
    }
    void hold(bool level) {
        if (std::exchange(is_held_, level) == level) return;
        if (level) scheduler_.cancel(event_);
        else schedule(scheduler_.now());
    }

    Scheduler& scheduler_;
    const int64_t frequency_hz_;
    Event event_;
    int64_t rest_ = 0;
    bool is_held_ = false;
};

}  // namespace tinysim
