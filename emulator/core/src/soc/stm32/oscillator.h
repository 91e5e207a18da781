// A clock source that is asked for by an ON bit and says so by a RDY bit after its start-up time.
#pragma once

#include <functional>
#include <string>

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim::stm32 {

// A start-up time among the chip's numbers.
inline Tick startup_ticks(const Construction& construction, const char* key, int64_t otherwise_ns) {
    const int64_t time_ns = construction.chip_number(key, otherwise_ns);
    return construction.scheduler.ticks_per_second() / 1'000'000 * time_ns / 1000;
}

class Oscillator {
public:
    static constexpr int event_priority = 10;

    Oscillator(Scheduler& scheduler, std::string name, Tick startup_ticks, std::function<void()> ready)
        : scheduler_(scheduler), startup_ticks_(startup_ticks), tell_(std::move(ready)),
          ready_event_(std::move(name), event_priority, [this](Tick) {
              ready_ = true;
              tell_();
          }) {}
    void state(Archive& archive) { archive(on_, ready_, ready_event_); }
    void request(bool on) {
        if (on == on_) return;
        if (!on) return stop();
        on_ = true;
        scheduler_.after(ready_event_, startup_ticks_);
    }
    void stop() {
        on_ = ready_ = false;
        scheduler_.cancel(ready_event_);
    }
    void set_running() {                  // at once: the source that runs after reset
        scheduler_.cancel(ready_event_);
        on_ = ready_ = true;
    }
    bool is_on() const { return on_; }
    bool is_ready() const { return ready_; }

private:
    Scheduler& scheduler_;
    const Tick startup_ticks_;
    std::function<void()> tell_;
    bool on_ = false, ready_ = false;
    Event ready_event_;
};

}  // namespace tinysim::stm32
