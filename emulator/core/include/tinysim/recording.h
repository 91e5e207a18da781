// A recorded stream as a part sees it: one array in physical integer units, sampled and held in virtual time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tinysim/scheduler.h"

namespace tinysim {

struct Recording {
    // Units as in RESD: acceleration in micro-g, angular_rate in 10 urad/s, magnetic_flux_density in nT (each x, y, z); temperature in
    // 0.001 C, humidity in 0.001 % RH, pressure in mPa; sound in micropascal.
    std::string quantity = "acceleration";
    unsigned columns = 3;
    std::vector<int32_t> values;      // row-major
    std::vector<Tick> times;          // ticks of each row since power-on, ascending
    Tick end = 0;                     // when the last row stops being valid

    size_t rows() const { return times.size(); }
    bool is_live(Tick now) const { return rows() > 0 && now >= times.front() && now < end; }
    // The row valid at `now`: the last one not after it; the first before the start, the last after the end.
    const int32_t* row_at(Tick now) const;
};

}  // namespace tinysim
