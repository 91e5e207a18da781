// A voltage on an analog input. Plays a Recording of one column in microvolts, between whose rows it goes straight; before its
// first row, behind its end and without one it is the parameter millivolts (0).
#pragma once

#include "tinysim/archive.h"
#include "tinysim/recording.h"
#include "tinysim/registry.h"

namespace tinysim {

class AnalogSignal : public Node, private AnalogSource {
public:
    explicit AnalogSignal(const Construction& construction)
        : rest_microvolts_(static_cast<int32_t>(construction.number("millivolts", 0) * 1000)) {}

    void state(Archive& archive) override { (void)archive; }      // what it plays is not its state
    void reset() override {}
    AnalogSource* analog_source() override { return this; }
    bool play(const Recording& recording) override;

private:
    int32_t microvolts(Tick at) override;

    const int32_t rest_microvolts_;
    const Recording* recording_ = nullptr;
};

}  // namespace tinysim
