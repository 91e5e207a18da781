// ST LPS22HB pressure sensor on I2C or SPI. Data sheet as recalled (R). Plays pressure and temperature; at rest 1013.25 hPa, 25 C.
// 4096 digits per hPa, 100 per degree. The FIFO has 32 sets of five bytes, which PRESS_OUT_XL to TEMP_OUT_H show while it is on.
// DRDY, watermark, full and overrun reach the pin (output Interrupt). Watermark 0 never raises FTH_FIFO (assumed). A one-shot
// conversion takes 20 ms (assumed); BOOT and SWRESET are done at once.
// Not modelled, warned once when switched on: the pressure threshold interrupt and its reference (so the FIFO modes that wait for
// it never see it: stream-to-FIFO acts as stream, the bypass-to ones as bypass), the low-pass filter, 3-wire SPI.
#pragma once

#include "parts/held_words.h"
#include "parts/played.h"
#include "parts/register_part.h"
#include "parts/sample_clock.h"
#include "parts/sample_fifo.h"
#include "parts/sensor_pin.h"

namespace tinysim {

class Lps22hb : public RegisterPart {
public:
    explicit Lps22hb(const Construction& construction);

    void state(Archive& archive) override;
    Line* output(std::string_view name) override { return name == "Interrupt" ? &interrupt_.line : nullptr; }
    bool play(const Recording& recording) override { return pressure_.take(recording) || temperature_.take(recording); }
    void settle() override { account_.pending = fifo_.counted_samples() + latest_.pending(); }

private:
    struct Sample {
        int32_t pressure = 0, temperature = 0;
        bool counted = false;
        void state(Archive& archive) { archive(pressure, temperature, counted); }
        uint8_t byte(unsigned number) const {
            return static_cast<uint8_t>(number < 3 ? pressure >> 8 * number : temperature >> 8 * (number - 3));
        }
    };

    uint8_t read_register(uint8_t address) override;
    void write_register(uint8_t address, uint8_t value) override;
    uint8_t following(uint8_t address) const override;
    bool increments() const override;
    bool answers_i2c() const override;
    void power_up_defaults();
    void soft_reset();
    Rate rate() const;
    void take_sample(Tick at);
    uint8_t read_output(unsigned byte);
    bool fifo_is_on() const;
    bool fifo_threshold() const;
    void apply_fifo(bool was_on);
    uint8_t fifo_status() const;
    void update_pin();

    SampleAccount account_;
    LatestSample latest_{account_};
    SampleFifo<Sample> fifo_;
    SensorPin interrupt_;
    SampleClock clock_;
    Event one_shot_event_;
    Played pressure_{"pressure", {101'325'000}}, temperature_{"temperature", {25'000}};
    HeldWords<1, 3> pressure_output_;
    HeldWords<1> temperature_output_;
    uint8_t status_ = 0;
};

}  // namespace tinysim
