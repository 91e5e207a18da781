// ST LIS3MDL magnetometer on I2C or SPI. Data sheet as recalled (R). Plays magnetic_flux_density and temperature; at rest no field,
// 25 C. DRDY (output DataReady, high while a set was not read to its last high byte) and ZYXDA, ZYXOR follow the whole set.
// A single conversion takes one period of the rate that is set (assumed); REBOOT and SOFT_RST are done at once.
// Not modelled, warned once when switched on: the threshold interrupt (INT_CFG; output Interrupt stays low), offsets, self-test,
// fast read, big-endian output, 3-wire SPI. Also not: noise by operating mode, hard-iron effects.
#pragma once

#include "parts/held_words.h"
#include "parts/played.h"
#include "parts/register_part.h"
#include "parts/sample_clock.h"
#include "parts/sensor_pin.h"
#include "parts/sample_account.h"

namespace tinysim {

class Lis3mdl : public RegisterPart {
public:
    explicit Lis3mdl(const Construction& construction);

    void state(Archive& archive) override;
    Line* output(std::string_view name) override;
    bool play(const Recording& recording) override { return field_.take(recording) || temperature_.take(recording); }
    void settle() override { account_.pending = latest_.pending(); }

private:
    uint8_t read_register(uint8_t address) override;
    void write_register(uint8_t address, uint8_t value) override;
    void power_up_defaults();
    void soft_reset();
    Rate rate() const;
    void take_sample(Tick at);
    uint8_t read_output(unsigned byte);

    SampleAccount account_;
    LatestSample latest_{account_};
    SensorPin data_ready_pin_;
    Line interrupt_;
    SampleClock clock_;
    Played field_{"magnetic_flux_density", {0, 0, 0}}, temperature_{"temperature", {25'000}};
    HeldWords<3> output_;
    HeldWords<1> temperature_output_;
    bool data_ready_ = false, overrun_ = false;
};

}  // namespace tinysim
