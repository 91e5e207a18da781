// The LIS2DW12 on the bench, spoken to as a driver would. The stream: X rises by one count of 0.488
// mg per sample.
#include "parts/button.h"
#include "parts/led.h"
#include "parts/lis2dw12.h"
#include "sensor_bench.h"

using namespace bench;

namespace {

constexpr Tick period = ticks_per_second / 200;
constexpr uint8_t OVR = 0x40, FTH = 0x80, continuous = 0xC0, stop_when_full = 0x20,
                  on_200_hz = 0x64;

tinysim::Recording ramp(int rows) {
    tinysim::Recording recording;
    for (int i = 0; i < rows; ++i) {
        recording.times.push_back(i * period);
        recording.values.insert(recording.values.end(), {i * 488, -i * 488, 1'000'000});
    }
    recording.end = rows * period;
    return recording;
}

struct Accelerometer : SensorBench<tinysim::Lis2dw12> {
    bool int1() { return part.output("Interrupt1")->level(); }
    bool int2() { return part.output("Interrupt2")->level(); }
    void use_fifo(uint8_t mode_and_threshold) {
        set(0x25, 0x10);
        set(0x2E, mode_and_threshold);
        set(0x23, 0x02);
        set(0x20, on_200_hz);
    }
    void expect_account(int64_t produced) {
        part.settle();
        EXPECT_EQUAL(counter("imu.samples_produced"), produced);
        EXPECT_EQUAL(counter("imu.samples_read") + counter("imu.samples_lost") +
                         counter("imu.samples_pending"),
                     produced);
    }
};

}  // namespace

TEST(it_identifies_itself) {
    Accelerometer a;
    EXPECT_EQUAL(a.get(0x0F), 0x44);
    EXPECT_EQUAL(a.get(0x21), 0x04);
}

TEST(the_first_sample_comes_one_period_after_the_rate_is_set) {
    Accelerometer a;
    a.run_to(12345);
    a.set(0x20, on_200_hz);
    a.run_to(12345 + period - 1);
    EXPECT_EQUAL(a.get(0x27), 0);
    a.run_for(1);
    EXPECT_EQUAL(a.get(0x27), 1);
}

TEST(the_watermark_raises_int1_and_a_burst_reads_every_sample_once) {
    const auto recording = ramp(400);
    Accelerometer a;
    a.part.play(recording);
    a.use_fifo(continuous | 20);
    a.run_to(20 * period - 1);
    EXPECT(!a.int1());
    a.run_to(20 * period);
    EXPECT(a.int1());
    EXPECT_EQUAL(a.get(0x2F), FTH | 20);
    const auto bytes = a.get(0x28, 120);
    for (size_t i = 0; i < 20; ++i) {
        EXPECT_EQUAL(Accelerometer::word(bytes, 6 * i) >> 2, static_cast<int>(i) + 1);
        EXPECT_EQUAL(Accelerometer::word(bytes, 6 * i + 2) >> 2, -static_cast<int>(i) - 1);
        EXPECT_EQUAL(Accelerometer::word(bytes, 6 * i + 4) >> 2, 2049);
    }
    EXPECT(!a.int1());
    EXPECT_EQUAL(a.get(0x2F), 0);
    EXPECT_EQUAL(a.counter("imu.samples_read"), 20);
    EXPECT_EQUAL(a.recorder.level_changes.size(), 40);
}

TEST(an_unread_fifo_counts_one_overrun_and_each_lost_sample) {
    const auto recording = ramp(400);
    Accelerometer a;
    a.part.play(recording);
    a.use_fifo(continuous | 20);
    a.run_to(35 * period);
    EXPECT_EQUAL(a.get(0x2F), FTH | OVR | 32);
    EXPECT_EQUAL(a.counter("imu.overruns"), 1);
    EXPECT_EQUAL(a.counter("imu.samples_lost"), 3);
    EXPECT_EQUAL(Accelerometer::word(a.get(0x28, 6), 0) >> 2, 4);
    EXPECT_EQUAL(a.get(0x2F), FTH | 31);
    a.run_to(37 * period);
    EXPECT_EQUAL(a.counter("imu.overruns"), 2);
    a.run_to(500 * period);
    a.expect_account(399);
}

TEST(a_sample_that_is_overwritten_while_it_is_read_is_not_lost) {
    Accelerometer a;
    a.use_fifo(continuous | 20);
    a.run_to(32 * period);
    a.point_at(0x28);
    a.bus.read();
    a.run_to(33 * period);
    for (int i = 0; i < 5; ++i) a.bus.read();
    a.bus.stop();
    EXPECT_EQUAL(a.counter("imu.samples_lost"), 0);
    EXPECT_EQUAL(a.counter("imu.overruns"), 0);
    EXPECT_EQUAL(a.get(0x2F), FTH | 32);
    a.expect_account(33);
}

TEST(a_fifo_that_stops_when_full_keeps_the_first_32_without_ovr) {
    Accelerometer a;
    a.set(0x24, 0x04);
    a.use_fifo(stop_when_full);
    a.run_to(40 * period);
    EXPECT(a.int2());
    EXPECT_EQUAL(a.get(0x2F), 32);
    EXPECT_EQUAL(a.counter("imu.samples_lost"), 8);
    a.set(0x2E, 0);
    EXPECT(!a.int2());
    a.expect_account(40);
}

TEST(only_samples_of_the_live_recording_are_accounted) {
    const auto recording = ramp(10);
    Accelerometer a;
    a.part.play(recording);
    a.use_fifo(continuous | 20);
    a.run_to(30 * period);
    a.get(0x28, 20 * 6);
    a.expect_account(9);
    EXPECT_EQUAL(a.counter("imu.samples_read"), 9);
}

TEST(bypass_overwrites_unread_samples_and_counts_them_lost) {
    Accelerometer a;
    a.set(0x20, 0x94);
    a.run_to(ticks_per_second);
    EXPECT_EQUAL(Accelerometer::word(a.get(0x28, 6), 4) >> 2, 4098);
    EXPECT_EQUAL(a.counter("imu.samples_lost"), 1599);
    EXPECT_EQUAL(a.counter("imu.samples_read"), 1);
    a.expect_account(1600);
}

TEST(low_power_mode_1_has_12_bits_and_a_rate_of_1_6_hz) {
    Accelerometer a;
    a.set(0x20, 0x10);
    a.run_to(320'000'000 - 1);
    EXPECT_EQUAL(a.get(0x27), 0);
    a.run_for(1);
    EXPECT_EQUAL(Accelerometer::word(a.get(0x28, 6), 4), 1025 << 4);
}

TEST(data_ready_drives_an_active_low_pin_until_a_high_byte_is_read) {
    Accelerometer a;
    a.set(0x22, 0x08);
    EXPECT(a.int1());
    a.set(0x23, 0x01);
    a.set(0x20, on_200_hz);
    a.run_to(period);
    EXPECT(!a.int1());
    a.get(0x28, 6);
    EXPECT(a.int1());
}

TEST(pulsed_data_ready_lasts_75_us) {
    Accelerometer a;
    a.set(0x3F, 0x80);
    a.set(0x23, 0x01);
    a.set(0x20, on_200_hz);
    a.run_to(period);
    EXPECT(a.int1());
    a.run_for(75 * 512 - 1);
    EXPECT(a.int1());
    a.run_for(1);
    EXPECT(!a.int1());
}

TEST(block_data_update_keeps_an_axis_whole) {
    const auto recording = ramp(400);
    Accelerometer a;
    a.part.play(recording);
    a.set(0x21, 0x0C);
    a.set(0x25, 0x10);
    a.set(0x20, on_200_hz);
    a.run_to(63 * period);
    a.point_at(0x28);
    const uint8_t low = a.bus.read();
    a.run_to(64 * period);
    EXPECT_EQUAL((low | a.bus.read() << 8) >> 2, 63);
    EXPECT_EQUAL(Accelerometer::word(a.get(0x28, 2), 0) >> 2, 64);
}

TEST(one_shot_measures_once_on_demand) {
    Accelerometer a;
    a.set(0x20, 0x19);
    a.set(0x22, 0x03);
    EXPECT_EQUAL(a.get(0x22), 0x03);
    a.run_to(ticks_per_second);
    EXPECT_EQUAL(a.get(0x22), 0x02);
    EXPECT_EQUAL(a.counter("imu.samples_produced"), 1);
}

TEST(full_scale_saturates) {
    tinysim::Recording recording;
    recording.times = {0};
    recording.values = {5'000'000, -5'000'000, -2'147'483'647};
    recording.end = tinysim::never;
    Accelerometer a;
    a.part.play(recording);
    a.set(0x20, on_200_hz);
    a.run_to(period);
    const auto bytes = a.get(0x28, 6);
    EXPECT_EQUAL(Accelerometer::word(bytes, 0), 32764);
    EXPECT_EQUAL(Accelerometer::word(bytes, 2), -32768);
    EXPECT_EQUAL(Accelerometer::word(bytes, 4), -32768);
}

TEST(soft_reset_restores_the_registers_and_stops_sampling) {
    Accelerometer a;
    a.use_fifo(continuous | 20);
    a.run_to(5 * period);
    a.set(0x21, 0x44);
    EXPECT_EQUAL(a.get(0x20), 0);
    EXPECT_EQUAL(a.get(0x2F), 0);
    a.run_to(50 * period);
    a.expect_account(5);
}

TEST(a_function_that_is_not_modelled_is_warned_once) {
    Accelerometer a;
    a.set(0x3F, 0x20);
    a.set(0x3F, 0x20);
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
}

TEST(an_inverted_led_lights_when_its_pin_falls) {
    Bench b;
    tinysim::Led led(b.construction("led1", 0, {{"invert", 1}}));
    tinysim::Line pin;
    pin.connect(*led.input(0));
    pin.set(true);
    EXPECT(!led.state());
    pin.set(false);
    EXPECT(led.state());
    EXPECT_EQUAL(b.recorder.line_changes.size(), 1);
}

TEST(an_inverted_button_pulls_its_line_low) {
    Bench b;
    tinysim::Button button(b.construction("button1", 0, {{"invert", 1}}));
    EXPECT(button.output("IRQ")->level());
    button.press();
    EXPECT(!button.output("IRQ")->level());
    button.release();
    EXPECT(button.output("IRQ")->level());
}

int main(int count, char** names) { return run(count, names); }
