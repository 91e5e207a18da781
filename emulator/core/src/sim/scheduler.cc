#include "tinysim/scheduler.h"

#include <algorithm>

#include "tinysim/archive.h"

namespace tinysim {

Event::~Event() {
    if (scheduler_ != nullptr) scheduler_->cancel(*this);
}

Scheduler::~Scheduler() {
    for (Event* event : heap_) event->scheduler_ = nullptr;
}

bool Scheduler::earlier(const Event* a, const Event* b) {
    if (a->due_ticks_ != b->due_ticks_) return a->due_ticks_ < b->due_ticks_;
    if (a->priority_ != b->priority_) return a->priority_ < b->priority_;
    return a->sequence_ < b->sequence_;
}

void Scheduler::put(size_t place, Event* event) {
    heap_[place] = event;
    event->place_ = place;
}

void Scheduler::sift_up(size_t place) {
    Event* event = heap_[place];
    while (place > 0 && earlier(event, heap_[(place - 1) / 2])) {
        put(place, heap_[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(place, event);
}

void Scheduler::sift_down(size_t place) {
    Event* event = heap_[place];
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && earlier(heap_[child + 1], heap_[child])) ++child;
        if (!earlier(heap_[child], event)) break;
        put(place, heap_[child]);
        place = child;
    }
    put(place, event);
}

void Scheduler::at(Event& event, Tick due_ticks) { insert(event, due_ticks, next_sequence_++); }

void Scheduler::restore(Event& event, Tick due_ticks, uint64_t sequence) { insert(event, due_ticks, sequence); }

void Scheduler::state(Archive& archive) { archive(now_ticks_, next_sequence_); }

void Scheduler::insert(Event& event, Tick due_ticks, uint64_t sequence) {
    if (event.scheduler_ != nullptr) cancel(event);
    event.due_ticks_ = due_ticks;
    event.sequence_ = sequence;
    event.scheduler_ = this;
    heap_.push_back(&event);
    event.place_ = heap_.size() - 1;
    sift_up(event.place_);
}

void Scheduler::cancel(Event& event) {
    if (event.scheduler_ == nullptr) return;
    const size_t place = event.place_;
    event.scheduler_ = nullptr;
    Event* last = heap_.back();
    heap_.pop_back();
    if (last == &event) return;
    put(place, last);
    sift_up(place);
    sift_down(last->place_);
}

void Scheduler::run_due() {
    while (!heap_.empty() && heap_.front()->due_ticks_ <= now_ticks_) {
        Event& event = *heap_.front();
        const Tick late_ticks = now_ticks_ - event.due_ticks_;
        cancel(event);
        firing_due_ = event.due_ticks_;
        event.fire_(late_ticks);
        firing_due_ = never;
    }
}

void Scheduler::run_until(Tick end_ticks) {
    while (next_due() <= end_ticks) {
        now_ticks_ = std::max(now_ticks_, next_due());
        run_due();
    }
    now_ticks_ = std::max(now_ticks_, end_ticks);
}

}  // namespace tinysim
