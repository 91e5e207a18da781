// The sound that a microphone hears: a mono Recording of sound pressure (int32 micropascal), between whose rows it goes
// straight; silence without one and outside its time.
#pragma once

#include "tinysim/archive.h"
#include "tinysim/recording.h"

namespace tinysim {

class SoundPressure {
public:
    // The pressure that is all ones of a microphone of -26 dBFS at 94 dB SPL: sqrt(2) Pa * 10^(26/20), in micropascal.
    static constexpr int64_t full_scale_upa = 28'217'270;

    bool play(const Recording& recording);
    int64_t micropascal(Tick at);
    void state(Archive& archive) { archive(begin_, end_, level_upa_, slope_); }

private:
    void find_rows(Tick at);

    const Recording* recording_ = nullptr;
    // Between two rows: where they begin and end, the pressure at the first, and its slope in 2^-30 micropascal a tick.
    Tick begin_ = 0, end_ = 0;
    int64_t level_upa_ = 0, slope_ = 0;
};

}  // namespace tinysim
