// EGU: software interrupts. nRF52840 Product Specification 6.8 "EGU". Sixteen tasks, each of which
// is its own event.
#pragma once

#include "soc/nrf/peripheral.h"

namespace tinysim::nrf {

class NrfEgu : public Peripheral {
public:
    explicit NrfEgu(const Construction& construction);

    void state(Archive& archive) override { Peripheral::state(archive); }

protected:
    void task(unsigned index) override { raise(index); }
};

}  // namespace tinysim::nrf
