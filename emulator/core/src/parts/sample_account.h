// The account of every sample that a sensor makes: produced = read + lost + pending.
// read: its last byte was read once. lost: overwritten unread, not stored because a FIFO stood full, or thrown away unread.
// pending: still unread at the end of the run. overruns: episodes. Samples outside the recording are not counted.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "tinysim/archive.h"
#include "tinysim/recorder.h"

namespace tinysim {

struct SampleAccount {
    SampleAccount(Recorder& recorder, const std::string& part)
        : produced(recorder.counter(part + ".samples_produced")), read(recorder.counter(part + ".samples_read")),
          lost(recorder.counter(part + ".samples_lost")), overruns(recorder.counter(part + ".overruns")),
          pending(recorder.counter(part + ".samples_pending")) {}
    int64_t &produced, &read, &lost, &overruns, &pending;
};

// The one sample that output registers show: what takes its place before it was read loses it.
class LatestSample {
public:
    explicit LatestSample(SampleAccount& account) : account_(account) {}

    void replace(bool counted) {
        drop();
        unread_ = true;
        counted_ = counted;
    }
    void read() {
        if (std::exchange(unread_, false)) account_.read += counted_;
    }
    void drop() {
        if (std::exchange(unread_, false)) account_.lost += counted_;
    }
    int64_t pending() const { return unread_ && counted_; }
    void state(Archive& archive) { archive(unread_, counted_); }

private:
    SampleAccount& account_;
    bool unread_ = false, counted_ = false;
};

}  // namespace tinysim
