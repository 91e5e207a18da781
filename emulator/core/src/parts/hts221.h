// ST HTS221 humidity and temperature sensor on I2C or SPI. Data sheet as recalled (R). Plays humidity and temperature; at rest 40 %,
// 25 C. Its calibration registers belong to what it puts out: 256 digits per % RH around 50 %, 64 digits per degree around 30 C,
// with the points 20 % and 80 %, 10 C and 50 C. DRDY (output DataReady) needs DRDY_EN and falls when HUMIDITY_OUT_H and TEMP_OUT_H
// were read. A one-shot conversion takes 5 ms (assumed); BOOT is done at once.
// Not modelled: the heater (warned once), averaging (AV_CONF is kept: the stream passes as recorded), 3-wire SPI.
#pragma once

#include "parts/held_words.h"
#include "parts/played.h"
#include "parts/register_part.h"
#include "parts/sample_account.h"
#include "parts/sample_clock.h"
#include "parts/sensor_pin.h"

namespace tinysim {

class Hts221 : public RegisterPart {
public:
    explicit Hts221(const Construction& construction);

    void state(Archive& archive) override;
    Line* output(std::string_view name) override { return name == "DataReady" ? &data_ready_.line : nullptr; }
    bool play(const Recording& recording) override { return humidity_.take(recording) || temperature_.take(recording); }
    void settle() override { account_.pending = latest_.pending(); }

private:
    uint8_t read_register(uint8_t address) override;
    void write_register(uint8_t address, uint8_t value) override;
    Rate rate() const;
    void take_sample(Tick at);
    uint8_t read_output(unsigned byte);
    void update_pin();

    SampleAccount account_;         // of humidity
    LatestSample latest_{account_};
    SensorPin data_ready_;
    SampleClock clock_;
    Event one_shot_event_;
    Played humidity_{"humidity", {40'000}}, temperature_{"temperature", {25'000}};
    HeldWords<2> output_;
    uint8_t status_ = 0;
};

}  // namespace tinysim
