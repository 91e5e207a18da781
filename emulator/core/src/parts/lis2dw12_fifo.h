// The LIS2DW12's 32-level FIFO and the account of every sample: produced = read + lost + pending.
// Datasheet LIS2DW12, "FIFO", FIFO_CTRL (2Eh), FIFO_SAMPLES (2Fh).
// read: the last byte (OUT_Z_H) was read once. lost: overwritten unread, not stored because the
// FIFO stood full, or thrown away unread (mode change, power-down of the FIFO, soft reset).
// pending: still unread at the end of the run. overruns: episodes, counted at each rising edge of
// OVR. OVR is set when an unread sample is overwritten and cleared when a sample is read; so a
// stop-when-full FIFO loses samples without OVR, as the datasheet defines the bit.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "tinysim/archive.h"
#include "tinysim/recorder.h"

namespace tinysim {

struct AccelerometerSample {
    std::array<int16_t, 3> axes{};  // left-justified register values
    bool counted = false;           // while the recording is live, or always when there is none
    void state(Archive& archive) { archive(axes, counted); }
};

struct SampleAccount {
    SampleAccount(Recorder& recorder, const std::string& part);
    int64_t &produced, &read, &lost, &overruns, &pending;
};

class Lis2dw12Fifo {
public:
    static constexpr size_t capacity_samples = 32;

    Lis2dw12Fifo(Recorder& recorder, const std::string& part, SampleAccount& account);

    void push(const AccelerometerSample& sample, bool stop_when_full);
    void state(Archive& archive);
    void clear();  // unread samples are lost, OVR is cleared

    // Reading OUT_X_L takes a copy of the oldest sample; reading OUT_Z_H gives its place free. A
    // sample whose reading has begun may be overwritten meanwhile without loss (assumed).
    const AccelerometerSample& oldest();
    void begin_read();
    void end_read();

    size_t level() const { return level_; }
    bool is_full() const { return level_ == capacity_samples; }
    bool overrun() const { return overrun_; }
    int64_t counted_samples() const;  // unread ones

private:
    void drop_oldest();
    void record_level();

    Recorder& recorder_;
    SampleAccount& account_;
    const uint16_t level_id_;
    std::array<AccelerometerSample, capacity_samples> samples_{};
    size_t first_ = 0, level_ = 0, recorded_level_ = 0;
    AccelerometerSample reading_;  // what the output registers show
    enum class Reading { none, begun, overwritten } state_ = Reading::none;
    bool overrun_ = false;
};

}  // namespace tinysim
