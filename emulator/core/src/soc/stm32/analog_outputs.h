// A block whose outputs are voltages on pins that an ADC has as well: the DAC. A pin that it does not drive belongs to others.
#pragma once

#include "tinysim/wires.h"

namespace tinysim::stm32 {

struct AnalogOutputs {
    virtual ~AnalogOutputs() = default;
    virtual AnalogSource* driver(unsigned output) = 0;      // null: off
};

}  // namespace tinysim::stm32
