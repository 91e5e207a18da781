// ST LIS2DW12 accelerometer on I2C. LIS2DW12 datasheet and application note AN5038.
// Samples a Recording (acceleration in micro-g) by sample-and-hold at its own data rate; without
// one: 0, 0, +1 g. DRDY and the FIFO's signals reach the pins without CTRL7.INTERRUPTS_ENABLE.
// STATUS.DRDY falls when any OUT_*_H is read. FTH = 0 never raises FIFO_FTH (assumed). One-shot
// conversions take 1.2/1.7/2.3/3.55 ms by LP_MODE (assumed). Not modelled, warned once when
// switched on: tap, wake-up, free-fall, 6D and activity engine (so FIFO modes continuous-to-FIFO
// and bypass-to-continuous are never triggered), user offsets, self-test, filters (BW_FILT, FDS,
// start-up samples), INT2 as trigger input, INT2_DRDY_T, INT2_BOOT. Also not: SPI, noise,
// temperature (OUT_T is 25 C).
#pragma once

#include <array>

#include "parts/lis2dw12_fifo.h"
#include "tinysim/line.h"
#include "tinysim/registry.h"

namespace tinysim {

class Lis2dw12 : public Node, private I2cTarget {
public:
    explicit Lis2dw12(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override {}  // stands on the board: the CPU's reset does not reach it
    Line* output(std::string_view name) override;
    I2cTarget* i2c_target() override { return this; }
    bool play(const Recording& recording) override;
    void settle() override;

private:
    bool start(bool is_read) override;
    bool write(uint8_t byte) override;
    uint8_t read() override;
    void stop() override {}

    struct Rate {
        int32_t numerator_hz, denominator;
        void state(Archive& archive) { archive(numerator_hz, denominator); }
    };  // 0: power-down

    uint8_t read_register(uint8_t address);
    void write_register(uint8_t address, uint8_t value);
    void next_address();
    uint8_t read_output(uint8_t address);
    uint8_t status() const;
    uint8_t fifo_samples() const;

    Rate rate() const;
    void apply_rate();
    void schedule_sample();
    void on_sample(Tick late);
    void on_one_shot();
    void take_sample(Tick at);
    AccelerometerSample measure(Tick at) const;
    int16_t to_register(int32_t micro_g) const;
    bool is_12_bit() const;
    void hold_output(const AccelerometerSample& sample);
    void read_output_high(unsigned axis);

    bool fifo_is_on() const;
    bool fifo_threshold() const;
    void change_fifo_mode(uint8_t value);
    void write_ctrl2(uint8_t value);
    void write_ctrl3(uint8_t value);
    void power_up_defaults();
    void update_pins();
    void drive(Line& line, uint16_t id, bool active);
    void warn_not_modelled(unsigned feature, const char* text);
    void check_not_modelled(uint8_t address, uint8_t value);

    Scheduler& scheduler_;
    Recorder& recorder_;
    const std::string name_;
    SampleAccount account_;
    Lis2dw12Fifo fifo_;
    Line interrupt1_, interrupt2_;
    const uint16_t interrupt1_id_, interrupt2_id_;
    Event sample_event_, one_shot_event_, pulse_event_;

    std::array<uint8_t, 0x40> registers_{};
    uint8_t pointer_ = 0;
    bool expects_address_ = false;
    Tick boot_until_ = 0;

    const Recording* recording_ = nullptr;
    Rate running_{0, 1};
    Tick rate_since_ = 0;
    int64_t sample_number_ = 0;

    AccelerometerSample output_, next_output_;  // bypass mode: shown, and held back by BDU
    std::array<bool, 3> half_read_{}, held_back_{};
    bool unread_ = false, data_ready_ = false, pulse_ = false;
    uint32_t warned_ = 0;
};

}  // namespace tinysim
