#include "tinysim/recording.h"

#include <algorithm>

namespace tinysim {

const int32_t* Recording::row_at(Tick now) const {
    auto after = std::upper_bound(times.begin(), times.end(), now);
    const auto row = after == times.begin() ? 0 : after - times.begin() - 1;
    return values.data() + static_cast<size_t>(row) * columns;
}

}  // namespace tinysim
