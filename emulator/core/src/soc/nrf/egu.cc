#include "soc/nrf/egu.h"

namespace tinysim::nrf {

namespace {
constexpr unsigned egu_channels = 16;
}

NrfEgu::NrfEgu(const Construction& construction) : Peripheral(construction) {
    for (unsigned channel = 0; channel < egu_channels; ++channel) {
        has_tasks({channel});
        has_events({channel});
    }
}

}  // namespace tinysim::nrf
