// ST LIS2DW12 accelerometer on I2C or SPI. LIS2DW12 datasheet and application note AN5038.
// Samples a Recording (acceleration in micro-g) by sample-and-hold at its own data rate; without
// one: 0, 0, +1 g. DRDY and the FIFO's signals reach the pins without CTRL7.INTERRUPTS_ENABLE.
// STATUS.DRDY falls when any OUT_*_H is read. FTH = 0 never raises FIFO_FTH (assumed). One-shot
// conversions take 1.2/1.7/2.3/3.55 ms by LP_MODE (assumed). Not modelled, warned once when
// switched on: tap, wake-up, free-fall, 6D and activity engine (so FIFO modes continuous-to-FIFO
// and bypass-to-continuous are never triggered), user offsets, self-test, filters (BW_FILT, FDS,
// start-up samples), INT2 as trigger input, INT2_DRDY_T, INT2_BOOT. Also not: noise, temperature
// (OUT_T is 25 C).
#pragma once

#include "parts/held_words.h"
#include "parts/played.h"
#include "parts/register_part.h"
#include "parts/sample_clock.h"
#include "parts/sample_fifo.h"
#include "parts/sensor_pin.h"

namespace tinysim {

class Lis2dw12 : public RegisterPart {
public:
    explicit Lis2dw12(const Construction& construction);

    void state(Archive& archive) override;
    Line* output(std::string_view name) override;
    bool play(const Recording& recording) override { return acceleration_.take(recording); }
    void settle() override;

private:
    uint8_t read_register(uint8_t address) override;
    void write_register(uint8_t address, uint8_t value) override;
    uint8_t following(uint8_t address) const override;
    bool increments() const override;
    bool answers_i2c() const override;
    uint8_t read_output(uint8_t address);
    uint8_t status() const;
    uint8_t fifo_samples() const;

    Rate rate() const;
    void on_one_shot();
    void take_sample(Tick at);
    AxesSample measure(Tick at) const;
    int16_t to_register(int32_t micro_g) const;
    bool is_12_bit() const;
    void read_output_high(unsigned axis);

    bool fifo_is_on() const;
    bool fifo_threshold() const;
    void change_fifo_mode(uint8_t before);
    void write_ctrl2(uint8_t value);
    void write_ctrl3(uint8_t value);
    void power_up_defaults();
    void update_pins();
    void check_not_modelled(uint8_t address, uint8_t value);

    SampleAccount account_;
    SampleFifo<AxesSample> fifo_;
    SensorPin interrupt1_, interrupt2_;
    SampleClock clock_;
    Event one_shot_event_, pulse_event_;
    Tick boot_until_ = 0;
    Played acceleration_{"acceleration", {0, 0, 1'000'000}};
    HeldWords<3> output_;           // bypass mode
    LatestSample latest_{account_};
    bool data_ready_ = false, pulse_ = false;
};

}  // namespace tinysim
