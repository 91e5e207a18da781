// A digital MEMS microphone with a one-bit output: ST MP34DT01 and MP45DT02 (data sheets, R). It hears what sound_pressure.h
// plays. Parameter fullScale: the pressure in micropascal that is all ones, by default -26 dBFS at 94 dB SPL (a sine of 120 dB SPL,
// the acoustic overload point, reaches it). The modulator is of second order in integers, so the same sound gives the same bits.
// Which edge its data belongs to (its L/R pin) is its place at the host. Below 1 MHz and above 3.25 MHz it sleeps: zeroes.
// Not modelled: start-up time, its own noise and distortion, frequency response, a clock that stood still between two readings.
#pragma once

#include "parts/sound_pressure.h"
#include "tinysim/registry.h"

namespace tinysim {

class PdmMicrophone : public Node, private PdmSource {
public:
    explicit PdmMicrophone(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override {}  // stands on the board
    PdmSource* pdm_source() override { return this; }
    bool play(const Recording& recording) override { return sound_.play(recording); }

private:
    uint64_t bits(Tick from, Tick period_ticks, unsigned count) override;
    bool is_asleep(Tick period_ticks);
    bool modulate(int64_t input);

    Scheduler& scheduler_;
    Recorder& recorder_;
    const std::string name_;
    const int64_t full_scale_upa_;
    SoundPressure sound_;
    int64_t first_ = 0, second_ = 0;                    // the integrators
    bool warned_clock_ = false;
};

}  // namespace tinysim
