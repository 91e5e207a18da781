// The LSM6DSL on the bench: rates, full scales, both streams, FIFO with its pattern, pins, timestamp, account.
#include "parts/lsm6dsl.h"
#include "sensor_bench.h"

using namespace bench;

namespace {

constexpr Tick period_104_hz = ticks_per_second / 104;
constexpr uint8_t accelerometer_104_hz = 0x40, gyroscope_104_hz = 0x40, fifo_continuous_104_hz = 4 << 3 | 6;
constexpr uint8_t WATERM = 0x80, OVER_RUN = 0x40, FULL = 0x20, EMPTY = 0x10;

struct Imu : SensorBench<tinysim::Lsm6dsl> {
    void use_fifo(uint16_t words, uint8_t decimations) {
        set(0x06, static_cast<uint8_t>(words));
        set(0x07, static_cast<uint8_t>(words >> 8));
        set(0x08, decimations);
        set(0x0A, fifo_continuous_104_hz);
        set(0x0D, 0x08);
    }
    int fifo_words() {
        const auto status = get(0x3A, 2);
        return status[0] | (status[1] & 7) << 8;
    }
};

}  // namespace

TEST(it_identifies_itself_over_i2c_and_spi) {
    Imu a;
    EXPECT_EQUAL(a.get(0x0F), 0x6A);
    EXPECT_EQUAL(transfer(a.part, {0x8F, 0})[1], 0x6A);
    EXPECT_EQUAL(transfer(a.part, {0x92, 0})[1], 0x04);
}

TEST(read_only_registers_keep_their_value) {
    Imu a;
    a.set(0x0F, 0);
    a.set(0x3A, 0xFF);
    EXPECT_EQUAL(a.get(0x0F), 0x6A);
    EXPECT_EQUAL(a.get(0x3A), 0);
}

TEST(at_rest_it_measures_one_g_at_every_full_scale) {
    static constexpr int one_g[] = {16393, 2049, 8197, 4098};
    for (int scale = 0; scale < 4; ++scale) {
        Imu a;
        a.set(0x10, static_cast<uint8_t>(accelerometer_104_hz | scale << 2));
        a.run_for(period_104_hz);
        EXPECT_EQUAL(a.get(0x1E), 0x05);
        EXPECT_EQUAL(Imu::word(a.get(0x2C, 2), 0), one_g[scale]);
        EXPECT_EQUAL(a.get(0x1E), 0x04);
    }
}

TEST(it_plays_acceleration_angular_rate_and_temperature) {
    const auto acceleration = steps("acceleration", 3, 100, period_104_hz, 6100);
    const auto rate = steps("angular_rate", 3, 100, period_104_hz, 1745);      // 1 degree per second
    const auto temperature = steps("temperature", 1, 100, period_104_hz, 1000);
    const auto field = steps("magnetic_flux_density", 3, 100, period_104_hz, 1);
    Imu a;
    EXPECT(a.part.play(acceleration) && a.part.play(rate) && a.part.play(temperature));
    EXPECT(!a.part.play(field));
    a.set(0x10, accelerometer_104_hz);
    a.set(0x11, gyroscope_104_hz);
    a.run_to(period_104_hz * 40 + 100);
    EXPECT_EQUAL(Imu::word(a.get(0x28, 2), 0), 4000);
    EXPECT_EQUAL(Imu::word(a.get(0x22, 2), 0), 4571);           // 40 dps at 8.75 mdps
    EXPECT_EQUAL(Imu::word(a.get(0x20, 2), 0), 15 * 256);
}

TEST(the_slower_half_takes_each_second_slot_of_the_faster) {
    Imu a;
    a.set(0x10, 0x50);      // 208 Hz
    a.set(0x11, gyroscope_104_hz);
    a.run_for(ticks_per_second);
    EXPECT_EQUAL(a.account("samples_produced"), 208 + 104);
}

TEST(the_fifo_stores_the_pattern_and_raises_int1_at_its_watermark) {
    const auto acceleration = steps("acceleration", 3, 400, period_104_hz, 61);
    Imu a;
    a.part.play(acceleration);
    a.set(0x10, accelerometer_104_hz);
    a.set(0x11, gyroscope_104_hz);
    a.use_fifo(60, 0x09);
    a.run_for(period_104_hz * 10 - 1);
    EXPECT(!a.pin("Interrupt1"));
    EXPECT_EQUAL(a.fifo_words(), 54);
    a.run_for(100);
    EXPECT(a.pin("Interrupt1"));
    EXPECT_EQUAL(a.get(0x3B), WATERM);
    const auto words = a.get(0x3E, 120);
    for (size_t i = 0; i < 10; ++i) {
        EXPECT_EQUAL(Imu::word(words, 12 * i), 0);
        EXPECT_EQUAL(Imu::word(words, 12 * i + 6), static_cast<int>(i + 1));
    }
    EXPECT(!a.pin("Interrupt1"));
    EXPECT_EQUAL(a.get(0x3B), EMPTY);
    EXPECT_EQUAL(a.account("samples_read"), 20);
    EXPECT_EQUAL(a.account("samples_lost"), 0);
}

TEST(the_pattern_counts_words_through_decimated_sets) {
    Imu a;
    a.set(0x10, accelerometer_104_hz);
    a.set(0x11, gyroscope_104_hz);
    a.use_fifo(0, 0x11);                // accelerometer in each slot, gyroscope in each second
    a.run_for(period_104_hz * 4 + 100);
    EXPECT_EQUAL(a.fifo_words(), 18);   // G A, A, G A, A
    for (int word = 0; word < 12; ++word) {
        EXPECT_EQUAL(a.get(0x3C), word % 9);
        a.get(0x3E, 2);
    }
}

TEST(an_unread_fifo_overruns_and_every_set_is_accounted_for) {
    Imu a;
    a.set(0x10, accelerometer_104_hz);
    a.use_fifo(30, 0x01);
    a.run_for(period_104_hz * 682 + 1000);
    EXPECT_EQUAL(a.get(0x3B) & (WATERM | OVER_RUN | FULL), WATERM | FULL);
    a.run_for(period_104_hz * 18);
    EXPECT_EQUAL(a.get(0x3B) & OVER_RUN, OVER_RUN);
    EXPECT_EQUAL(a.account("samples_lost"), 18);
    EXPECT_EQUAL(a.account("overruns"), 1);
    EXPECT_EQUAL(a.account("samples_pending"), 682);
    EXPECT_EQUAL(a.account("samples_produced"), 700);
    a.set(0x0A, 0);
    EXPECT_EQUAL(a.account("samples_lost"), 700);
}

TEST(fifo_mode_stops_when_it_is_full_and_at_the_threshold_if_told) {
    Imu a;
    a.set(0x10, accelerometer_104_hz);
    a.set(0x06, 30);
    a.set(0x09, 0x80);
    a.set(0x08, 0x01);
    a.set(0x0A, 4 << 3 | 1);
    a.run_for(period_104_hz * 15);
    EXPECT_EQUAL(a.fifo_words(), 30);
    EXPECT_EQUAL(a.account("overruns"), 0);
}

TEST(data_ready_is_a_level_until_a_high_byte_is_read_or_a_pulse_of_75_us) {
    Imu a;
    a.set(0x0D, 0x01);
    a.set(0x0E, 0x02);
    a.set(0x10, accelerometer_104_hz);
    a.run_for(period_104_hz);
    EXPECT(a.pin("Interrupt1") && !a.pin("Interrupt2"));
    a.get(0x29);
    EXPECT(!a.pin("Interrupt1"));
    a.set(0x0B, 0x80);
    a.run_for(period_104_hz + 1);
    EXPECT(a.pin("Interrupt1"));
    a.run_for(ticks_per_second * 76 / 1'000'000);
    EXPECT(!a.pin("Interrupt1"));
}

TEST(the_pins_turn_their_level_and_int2_may_go_to_int1) {
    Imu a;
    a.set(0x12, 0x24);
    EXPECT(a.pin("Interrupt1") && a.pin("Interrupt2"));
    a.set(0x0E, 0x01);
    a.set(0x13, 0x20);
    a.set(0x10, accelerometer_104_hz);
    a.run_for(period_104_hz);
    EXPECT(!a.pin("Interrupt1") && a.pin("Interrupt2"));
}

TEST(the_timestamp_counts_25_us_or_6_4_ms) {
    Imu a;
    a.set(0x5C, 0x10);
    a.set(0x19, 0x20);
    a.run_for(ticks_per_second);
    const auto fine = a.get(0x40, 3);
    EXPECT_EQUAL(fine[0] | fine[1] << 8 | fine[2] << 16, 40'000);
    a.set(0x42, 0xAA);
    a.set(0x5C, 0);
    a.run_for(ticks_per_second);
    EXPECT_EQUAL(a.get(0x40), 156);
}

TEST(software_reset_and_what_is_not_modelled) {
    Imu a;
    a.set(0x10, accelerometer_104_hz);
    a.set(0x12, 0x05);
    EXPECT_EQUAL(a.get(0x10), 0);
    EXPECT_EQUAL(a.get(0x12), 0x04);
    a.set(0x58, 0x80);
    a.set(0x58, 0x81);
    a.set(0x19, 0x10);
    EXPECT_EQUAL(a.recorder.warnings.size(), 2);
}

TEST(with_i2c_disabled_it_answers_no_more) {
    Imu a;
    a.set(0x13, 0x04);
    EXPECT(!a.bus.start(false));
}

int main(int count, char** names) { return bench::run(count, names); }
