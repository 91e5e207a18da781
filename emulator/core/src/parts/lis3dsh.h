// ST LIS3DSH accelerometer on SPI or I2C. Data sheet as recalled (R). Plays acceleration; at rest 1 g on Z.
// DRDY reaches output Interrupt1 with DR_EN and INT1_EN; the FIFO's signals with P1_EMPTY, P1_WTM, P1_OVERRUN. IEA gives the active level;
// without INT1_EN the pin is low (it floats). STATUS and DRDY fall when OUT_Z_H is read. The output registers show the FIFO's oldest
// set while it is on; WTM needs WTM_EN, which leaves the depth at 32 (assumed). BOOT and STRT are done at once.
// Not modelled, warned once when switched on: the state machines SM1 and SM2 (so Interrupt2 stays low and the FIFO modes that wait
// for a trigger never see one), vector filter, self-test, 3-wire SPI, boot signal, latching (IEL). Also not: offsets, temperature
// (OUT_T is 25 C), the anti-alias filter (BW is kept), axes that are switched off (they are measured all the same).
#pragma once

#include "parts/held_words.h"
#include "parts/played.h"
#include "parts/register_part.h"
#include "parts/sample_clock.h"
#include "parts/sample_fifo.h"
#include "parts/sensor_pin.h"

namespace tinysim {

class Lis3dsh : public RegisterPart {
public:
    explicit Lis3dsh(const Construction& construction);

    void state(Archive& archive) override;
    Line* output(std::string_view name) override;
    bool play(const Recording& recording) override { return acceleration_.take(recording); }
    void settle() override { account_.pending = fifo_.counted_samples() + latest_.pending(); }

private:
    uint8_t read_register(uint8_t address) override;
    void write_register(uint8_t address, uint8_t value) override;
    uint8_t following(uint8_t address) const override;
    bool increments() const override;
    void power_up_defaults();
    void soft_reset();
    Rate rate() const;
    void take_sample(Tick at);
    uint8_t read_output(unsigned byte);
    bool fifo_is_on() const;
    bool fifo_threshold() const;
    void apply_fifo(bool was_on);
    uint8_t fifo_source() const;
    void update_pin();

    SampleAccount account_;
    LatestSample latest_{account_};
    SampleFifo<AxesSample> fifo_;
    SensorPin interrupt1_;
    Line interrupt2_;
    SampleClock clock_;
    Played acceleration_{"acceleration", {0, 0, 1'000'000}};
    HeldWords<3> output_;
    bool data_ready_ = false, data_overrun_ = false;
};

}  // namespace tinysim
