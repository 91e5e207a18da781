// A sensor's FIFO with its account (sample_account.h). The overrun flag is set when an unread sample is overwritten and cleared when
// a sample is read; so a FIFO that stops when it is full loses samples without the flag, as ST's data sheets define the bit.
// A Sample has a member `counted`. Reading the first byte of a sample takes a copy of the oldest; reading its last gives the place
// free. A sample whose reading has begun may be overwritten meanwhile without loss (assumed).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "parts/sample_account.h"
#include "tinysim/archive.h"
#include "tinysim/recorder.h"

namespace tinysim {

template <class Sample, size_t capacity = 32>
class SampleFifo {
public:
    SampleFifo(Recorder& recorder, const std::string& part, SampleAccount& account)
        : recorder_(recorder), account_(account), level_id_(recorder.name_level(part + ".fifo")) {}

    void push(const Sample& sample, bool stop_when_full) {
        if (is_full() && stop_when_full) {
            account_.lost += sample.counted;
            return;
        }
        if (is_full() && reading_state_ == Reading::begun) {
            reading_state_ = Reading::overwritten;
            drop_oldest();
        } else if (is_full()) {
            account_.lost += samples_[first_].counted;
            drop_oldest();
            if (!std::exchange(overrun_, true)) ++account_.overruns;
        }
        samples_[(first_ + level_++) % capacity] = sample;
        record_level();
    }
    void clear() {      // unread samples are lost, the overrun flag is cleared
        account_.lost += counted_samples();
        first_ = level_ = 0;
        reading_state_ = Reading::none;
        overrun_ = false;
        record_level();
    }
    void set_depth(size_t samples) { depth_ = samples; }

    const Sample& oldest() {
        if (reading_state_ == Reading::none && level_ > 0) reading_ = samples_[first_];
        return reading_;
    }
    void begin_read() {
        if (reading_state_ == Reading::overwritten) account_.lost += reading_.counted;      // read in part, never finished
        reading_state_ = Reading::none;
        oldest();
        if (level_ > 0) reading_state_ = Reading::begun;
    }
    void end_read() {
        if (reading_state_ == Reading::none && level_ == 0) return;     // an empty FIFO shows its last sample again
        oldest();
        account_.read += reading_.counted;
        if (std::exchange(reading_state_, Reading::none) != Reading::overwritten) drop_oldest();
        overrun_ = false;
        record_level();
    }

    size_t level() const { return level_; }
    bool is_full() const { return level_ >= depth_; }
    bool overrun() const { return overrun_; }
    int64_t counted_samples() const {       // unread ones
        int64_t count = reading_state_ == Reading::overwritten && reading_.counted ? 1 : 0;
        for (size_t i = 0; i < level_; ++i) count += samples_[(first_ + i) % capacity].counted;
        return count;
    }
    void state(Archive& archive) {
        archive(samples_, first_, level_, recorded_level_, depth_, reading_, reading_state_, overrun_);
    }

private:
    void drop_oldest() {
        first_ = (first_ + 1) % capacity;
        --level_;
    }
    void record_level() {
        if (level_ != std::exchange(recorded_level_, level_)) recorder_.level(level_id_, static_cast<int32_t>(level_));
    }

    Recorder& recorder_;
    SampleAccount& account_;
    const uint16_t level_id_;
    std::array<Sample, capacity> samples_{};
    size_t first_ = 0, level_ = 0, recorded_level_ = 0, depth_ = capacity;
    Sample reading_;        // what the output registers show
    enum class Reading { none, begun, overwritten } reading_state_ = Reading::none;
    bool overrun_ = false;
};

struct AxesSample {
    std::array<int16_t, 3> axes{};      // as in the registers
    bool counted = false;               // while the recording is live, or always when there is none
    uint8_t byte(size_t number) const { return static_cast<uint8_t>(static_cast<uint16_t>(axes[number / 2]) >> 8 * (number % 2)); }
    void state(Archive& archive) { archive(axes, counted); }
};

}  // namespace tinysim
