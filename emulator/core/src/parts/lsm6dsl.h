// ST LSM6DSL accelerometer and gyroscope on I2C or SPI. Data sheet and application note AN5040, both as recalled (R).
// Plays acceleration, angular_rate and temperature; at rest 1 g on Z, no rotation, 25 C. One clock at the nominal rate of the faster
// half; the slower half and the FIFO take each 2^n-th of its slots (so their rates are within 4 % of nominal, and in step).
// The FIFO is 2048 words; it stores and loses sets of three, gyroscope before accelerometer. FTH = 0 never raises the watermark
// (assumed). DRDY falls when a high byte is read; temperature is measured with each slot. BOOT and SW_RESET are done at once.
// Not modelled, warned once when switched on: the embedded functions (tap, wake-up, free-fall, 6D, activity, pedometer, tilt,
// significant motion; so the FIFO modes that wait for a trigger never see one), sensor hub, FIFO data sets 3 and 4 (timestamp,
// temperature), high bytes only, rounding, DEN, self-test, filters, user offsets, gyroscope sleep, big-endian output.
#pragma once

#include "parts/held_words.h"
#include "parts/played.h"
#include "parts/register_part.h"
#include "parts/sample_clock.h"
#include "parts/sample_fifo.h"
#include "parts/sensor_pin.h"

namespace tinysim {

class Lsm6dsl : public RegisterPart {
public:
    explicit Lsm6dsl(const Construction& construction);

    void state(Archive& archive) override;
    Line* output(std::string_view name) override;
    bool play(const Recording& recording) override;
    void settle() override;

private:
    // One of the two: what it measured last, and what its output registers show.
    struct Half {
        explicit Half(SampleAccount& account) : latest(account) {}
        LatestSample latest;
        AxesSample measured;
        HeldWords<3> output;
        int8_t exponent = off;      // its rate is 13 Hz * 2^(exponent - 1), about
        void state(Archive& archive) { archive(latest, measured, output, exponent); }
    };
    struct FifoSet : AxesSample {
        uint16_t pattern = 0;       // of its first word
        void state(Archive& archive) { archive(axes, counted, pattern); }
    };
    static constexpr int8_t off = -128;
    static constexpr size_t capacity_sets = 682;

    uint8_t read_register(uint8_t address) override;
    void write_register(uint8_t address, uint8_t value) override;
    uint8_t following(uint8_t address) const override;
    bool increments() const override;
    bool answers_i2c() const override;
    void power_up_defaults();
    void soft_reset();
    uint8_t read_output(Half& half, uint8_t ready, unsigned byte);
    uint8_t read_temperature(unsigned byte);

    // ---- lsm6dsl_sampling.cc ----
    int8_t exponent(uint8_t ctrl, bool has_slow_rate) const;
    void apply_rates();
    void on_slot(Tick at);
    bool is_due(int8_t exponent) const;
    void measure(Half& half, const Played& played, int64_t numerator, int64_t denominator, Tick at, bool goes_to_fifo);
    void measure_acceleration(Tick at);
    void measure_angular_rate(Tick at);
    uint32_t timestamp() const;

    // ---- lsm6dsl_fifo.cc ----
    unsigned decimation(unsigned set) const;
    bool fifo_is_on() const;
    bool is_in_fifo(unsigned set) const { return fifo_is_on() && decimation(set) != 0; }
    unsigned fifo_words() const;
    unsigned threshold_words() const;
    bool fifo_threshold() const;
    void fill_fifo();
    void push(const Half& half);
    void apply_fifo(unsigned mode_before);
    uint8_t read_fifo(bool high);
    uint8_t read_fifo_status(uint8_t address);

    void update_pins();

    SampleAccount account_;
    SampleFifo<FifoSet, capacity_sets> fifo_;
    SensorPin interrupt1_, interrupt2_;
    SampleClock clock_;
    Event pulse_event_;
    Played acceleration_{"acceleration", {0, 0, 1'000'000}}, angular_rate_{"angular_rate", {0, 0, 0}};
    Played temperature_{"temperature", {25'000}};
    Half accelerometer_{account_}, gyroscope_{account_};
    HeldWords<1> temperature_output_;
    uint8_t ready_ = 0, pulses_ = 0;        // as in STATUS_REG
    uint64_t slot_ = 0, fifo_slot_ = 0;
    uint16_t pattern_ = 0;                  // of the next word that is stored
    uint8_t fifo_word_ = 0;                 // of the set that is being read
    Tick timer_since_ = 0;
};

}  // namespace tinysim
