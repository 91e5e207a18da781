// What a receiver of sound took from its line, what was read, and what was lost: counters of the record, which the report
// compares (analyses/samples.py). They are there from the first sample on, so that a block at rest counts nothing.
#pragma once

#include <cstdint>
#include <string>

#include "tinysim/recorder.h"

namespace tinysim::stm32 {

class SampleCounts {
public:
    SampleCounts(Recorder& recorder, std::string block) : recorder_(recorder), block_(std::move(block)) {}

    void produced() { ++*at(produced_, ".samples_produced"); }
    void read() { ++*at(read_, ".samples_read"); }
    void lost() {
        ++*at(lost_, ".samples_lost");
        ++*at(overruns_, ".overruns");
    }

private:
    int64_t* at(int64_t*& counter, const char* suffix) {
        if (counter == nullptr) counter = &recorder_.counter(block_ + suffix);
        return counter;
    }

    Recorder& recorder_;
    const std::string block_;
    int64_t *produced_ = nullptr, *read_ = nullptr, *lost_ = nullptr, *overruns_ = nullptr;
};

}  // namespace tinysim::stm32
