// TEMP: the die's temperature in steps of 0.25 degrees Celsius. nRF52840 Product Specification
// 6.30. The die stays at the chip parameter die_temperature_millicelsius.
// Not modelled: the trim registers' effect on the result, noise, self-heating.
#pragma once

#include "soc/nrf/peripheral.h"

namespace tinysim::nrf {

class Temp : public Peripheral {
public:
    explicit Temp(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;

private:
    static constexpr size_t trim_registers = 17;

    const Tick measurement_ticks_;
    const int32_t quarter_celsius_;
    Event ready_event_;
    std::array<uint32_t, trim_registers> trim_{};
    int32_t result_ = 0;
};

}  // namespace tinysim::nrf
