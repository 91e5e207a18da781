#include "parts/lis2dw12_fifo.h"

#include <utility>

namespace tinysim {

SampleAccount::SampleAccount(Recorder& recorder, const std::string& part)
    : produced(recorder.counter(part + ".samples_produced")),
      read(recorder.counter(part + ".samples_read")),
      lost(recorder.counter(part + ".samples_lost")),
      overruns(recorder.counter(part + ".overruns")),
      pending(recorder.counter(part + ".samples_pending")) {}

Lis2dw12Fifo::Lis2dw12Fifo(Recorder& recorder, const std::string& part, SampleAccount& account)
    : recorder_(recorder), account_(account), level_id_(recorder.name_level(part + ".fifo")) {}

void Lis2dw12Fifo::push(const AccelerometerSample& sample, bool stop_when_full) {
    if (is_full() && stop_when_full) {
        account_.lost += sample.counted;
        return;
    }
    if (is_full() && state_ == Reading::begun) {
        state_ = Reading::overwritten;
        drop_oldest();
    } else if (is_full()) {
        account_.lost += samples_[first_].counted;
        drop_oldest();
        if (!std::exchange(overrun_, true)) ++account_.overruns;
    }
    samples_[(first_ + level_++) % capacity_samples] = sample;
    record_level();
}

void Lis2dw12Fifo::clear() {
    account_.lost += counted_samples();
    first_ = level_ = 0;
    state_ = Reading::none;
    overrun_ = false;
    record_level();
}

const AccelerometerSample& Lis2dw12Fifo::oldest() {
    if (state_ == Reading::none && level_ > 0) reading_ = samples_[first_];
    return reading_;
}

void Lis2dw12Fifo::begin_read() {
    if (state_ == Reading::overwritten)
        account_.lost += reading_.counted;  // read in part, never finished
    state_ = Reading::none;
    oldest();
    if (level_ > 0) state_ = Reading::begun;
}

void Lis2dw12Fifo::end_read() {
    if (state_ == Reading::none && level_ == 0)
        return;  // an empty FIFO shows its last sample again
    oldest();
    account_.read += reading_.counted;
    if (std::exchange(state_, Reading::none) != Reading::overwritten) drop_oldest();
    overrun_ = false;
    record_level();
}

int64_t Lis2dw12Fifo::counted_samples() const {
    int64_t count = state_ == Reading::overwritten && reading_.counted ? 1 : 0;
    for (size_t i = 0; i < level_; ++i) count += samples_[(first_ + i) % capacity_samples].counted;
    return count;
}

void Lis2dw12Fifo::drop_oldest() {
    first_ = (first_ + 1) % capacity_samples;
    --level_;
}

void Lis2dw12Fifo::record_level() {
    if (level_ != std::exchange(recorded_level_, level_))
        recorder_.level(level_id_, static_cast<int32_t>(level_));
}

void Lis2dw12Fifo::state(Archive& archive) {
    archive(samples_, first_, level_, recorded_level_, reading_, state_, overrun_);
}

}  // namespace tinysim
