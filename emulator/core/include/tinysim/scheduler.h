// Virtual time and the events that happen in it. One tick is a fixed fraction of a second chosen so that every
// clock of the chip is a whole number of ticks (docs/architecture.md, 4): integer arithmetic, no drift.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace tinysim {

using Tick = int64_t;
inline constexpr Tick never = std::numeric_limits<Tick>::max();

class Archive;
class Scheduler;

// Lives in its owner. `fire` learns how many ticks late it is, so that periodic owners do not drift.
class Event {
public:
    Event(std::string name, int priority, std::function<void(Tick late_ticks)> fire)
        : name_(std::move(name)), priority_(priority), fire_(std::move(fire)) {}
    ~Event();
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    bool is_scheduled() const { return scheduler_ != nullptr; }
    Tick due() const { return due_ticks_; }
    const std::string& name() const { return name_; }

private:
    friend class Archive;
    friend class Scheduler;
    std::string name_;
    int priority_;
    std::function<void(Tick)> fire_;
    Tick due_ticks_ = never;
    uint64_t sequence_ = 0;
    size_t place_ = 0;
    Scheduler* scheduler_ = nullptr;
};

// Same-time order is (priority, insertion): lower priority number first.
class Scheduler {
public:
    explicit Scheduler(int64_t ticks_per_second) : ticks_per_second_(ticks_per_second) {}
    ~Scheduler();

    Tick now() const { return now_ticks_; }
    int64_t ticks_per_second() const { return ticks_per_second_; }
    void at(Event& event, Tick due_ticks);       // a due time in the past fires at the next opportunity, late
    void after(Event& event, Tick delay_ticks) { at(event, now_ticks_ + delay_ticks); }
    void cancel(Event& event);
    // When what happens now happens: an event's due time while it fires (it may be late by part of an instruction), else now.
    Tick moment() const { return firing_due_ != never ? firing_due_ : now_ticks_; }
    Tick next_due() const { return heap_.empty() ? never : heap_.front()->due_ticks_; }

    // For whoever advances time: the CPU, or a test.
    void set_now(Tick now_ticks) { now_ticks_ = now_ticks; }
    void run_due();                              // fires all events due at or before now
    void run_until(Tick end_ticks);              // no CPU: jump from event to event

    // Snapshots: an event comes back with its old place in the order.
    void state(Archive& archive);
    void restore(Event& event, Tick due_ticks, uint64_t sequence);
    const std::vector<Event*>& events() const { return heap_; }

private:
    static bool earlier(const Event* a, const Event* b);
    void sift_up(size_t place);
    void sift_down(size_t place);
    void put(size_t place, Event* event);
    void insert(Event& event, Tick due_ticks, uint64_t sequence);

    int64_t ticks_per_second_;
    Tick now_ticks_ = 0;
    Tick firing_due_ = never;
    uint64_t next_sequence_ = 0;
    std::vector<Event*> heap_;
};

}  // namespace tinysim
