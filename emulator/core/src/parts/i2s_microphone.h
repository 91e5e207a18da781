// A digital MEMS microphone with an I2S output: TDK INMP441 and ICS-43434 (data sheets, R): 24 bits, the highest first, -26 dBFS
// at 94 dB SPL, 120 dB SPL at most. It hears what sound_pressure.h plays; parameter fullScale: the pressure in micropascal
// that is 2^23. Its place at the host is the slot of its L/R pin. A frame's word is the pressure at the frame's beginning.
// Not modelled: start-up time, sleep below its least clock, its filter's delay and frequency response, noise and distortion.
#pragma once

#include "parts/sound_pressure.h"
#include "tinysim/registry.h"

namespace tinysim {

class I2sMicrophone : public Node, private WordSource {
public:
    explicit I2sMicrophone(const Construction& construction);

    void state(Archive& archive) override { archive(sound_); }
    void reset() override {}  // stands on the board
    WordSource* word_source() override { return this; }
    bool play(const Recording& recording) override { return sound_.play(recording); }

private:
    int32_t word(Tick at) override;

    const int64_t full_scale_upa_;
    SoundPressure sound_;
};

}  // namespace tinysim
