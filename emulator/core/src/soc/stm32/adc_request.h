// An ADC's requests to the DMA: one at a time, up to the DMA's last item where the ADC was told to stop there (RM0090 13.8.1:
// DDS, RM0351 18.4.27: DMACFG).
#pragma once

#include "tinysim/archive.h"

namespace tinysim::stm32 {

class AdcRequest {
public:
    Line& line() { return line_; }
    bool has_ended() const { return ended_; }
    void raise() { line_.set(!ended_); }
    void note_last() { last_ = true; }                    // the item that is asked for next is the DMA's last
    void serve(bool goes_on) {
        if (line_.level() && std::exchange(last_, false)) ended_ = !goes_on;
        line_.set(false);
    }
    void restart() {
        line_.set(false);
        last_ = ended_ = false;
    }
    void state(Archive& archive) { archive(line_, last_, ended_); }

private:
    Line line_;
    bool last_ = false, ended_ = false;
};

}  // namespace tinysim::stm32
