// The synchroniser between the lines of the peripherals and the NVIC: a change of level is seen some cycles later
// (docs/timing.md A2). Its length is a parameter, interrupt_synchroniser; 0 leaves it out.
#pragma once

#include <cstdint>
#include <deque>

#include "cpu/exceptions.h"
#include "tinysim/archive.h"
#include "tinysim/scheduler.h"

namespace tinysim {

class InterruptLines {
public:
    InterruptLines(Scheduler& scheduler, Exceptions& exceptions)
        : scheduler_(scheduler), exceptions_(exceptions), event_("interrupt_lines", 0, [this](Tick late) { arrive(late); }) {}
    void set(unsigned number, bool level, Tick delay_ticks) {
        if (delay_ticks == 0) return exceptions_.set_level(number, level);
        under_way_.push_back({scheduler_.now() + delay_ticks, static_cast<uint16_t>(number), level});
        if (!event_.is_scheduled()) scheduler_.at(event_, under_way_.front().due);
    }
    void state(Archive& archive) { archive(under_way_, event_); }

private:
    struct Change {
        Tick due;
        uint16_t number;
        bool level;
        void state(Archive& archive) { archive(due, number, level); }
    };
    void arrive(Tick late_ticks) {
        const Tick now = scheduler_.now() - late_ticks;
        while (!under_way_.empty() && under_way_.front().due <= now) {
            exceptions_.set_level(under_way_.front().number, under_way_.front().level);
            under_way_.pop_front();
        }
        if (!under_way_.empty()) scheduler_.at(event_, under_way_.front().due);
    }

    Scheduler& scheduler_;
    Exceptions& exceptions_;
    std::deque<Change> under_way_;           // in the order of time
    Event event_;
};

}  // namespace tinysim
