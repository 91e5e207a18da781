// ST LIS302DL accelerometer on SPI or I2C: what older STM32F4DISCOVERY boards carry. Data sheet as recalled (R). Plays acceleration; at
// rest 1 g on Z. Eight bits an axis, 18 or 72 mg a digit. Both pins (Interrupt1, Interrupt2) carry data-ready where I1CFG, I2CFG
// say 100; it falls when OUT_Z is read (assumed). BOOT is done at once.
// Not modelled, warned once when switched on: free-fall, wake-up, click, filters, self-test, 3-wire SPI. Also not: axes that are
// switched off (they are measured all the same).
#pragma once

#include "parts/played.h"
#include "parts/register_part.h"
#include "parts/sample_account.h"
#include "parts/sample_clock.h"
#include "parts/sensor_pin.h"

namespace tinysim {

class Lis302dl : public RegisterPart {
public:
    explicit Lis302dl(const Construction& construction);

    void state(Archive& archive) override;
    Line* output(std::string_view name) override;
    bool play(const Recording& recording) override { return acceleration_.take(recording); }
    void settle() override { account_.pending = latest_.pending(); }

private:
    uint8_t read_register(uint8_t address) override;
    void write_register(uint8_t address, uint8_t value) override;
    Rate rate() const;
    void take_sample(Tick at);
    void update_pins();

    SampleAccount account_;
    LatestSample latest_{account_};
    SensorPin interrupt1_, interrupt2_;
    SampleClock clock_;
    Played acceleration_{"acceleration", {0, 0, 1'000'000}};
    bool data_ready_ = false, overrun_ = false;
};

}  // namespace tinysim
