// The LIS3MDL on the bench: identity, sub-addresses, rates, full scales, DRDY, single conversions, account.
#include "parts/lis3mdl.h"
#include "sensor_bench.h"

using namespace bench;

namespace {
constexpr Tick period_80_hz = ticks_per_second / 80;
using Magnetometer = SensorBench<tinysim::Lis3mdl>;
}  // namespace

TEST(it_identifies_itself_and_is_powered_down) {
    Magnetometer a;
    EXPECT_EQUAL(a.get(0x0F), 0x3D);
    EXPECT_EQUAL(a.get(0x22), 0x03);
    a.run_for(ticks_per_second);
    EXPECT_EQUAL(a.get(0x27), 0);
    EXPECT_EQUAL(transfer(a.part, {0x8F, 0})[1], 0x3D);
}

TEST(the_address_counts_on_when_bit_7_of_the_sub_address_says_so) {
    Magnetometer a;
    const auto still = a.get(0x20, 3), on = a.get(0xA0, 3);
    EXPECT(still[0] == 0x10 && still[1] == 0x10 && still[2] == 0x10);
    EXPECT(on[0] == 0x10 && on[1] == 0x00 && on[2] == 0x03);
    const auto spi = transfer(a.part, {0xE0, 0, 0, 0});
    EXPECT(spi[1] == 0x10 && spi[3] == 0x03);
}

TEST(it_measures_the_field_in_the_full_scale_and_says_when) {
    const auto field = steps("magnetic_flux_density", 3, 100, period_80_hz, 10'000);
    Magnetometer a;
    a.part.play(field);
    a.set(0x20, 0x9C);      // TEMP_EN, 80 Hz
    a.set(0x22, 0);
    a.run_for(10 * period_80_hz - 1);
    EXPECT(a.pin("DataReady"));
    a.get(0xA8, 6);
    EXPECT(!a.pin("DataReady"));
    a.run_for(1);
    EXPECT_EQUAL(a.get(0x27), 0x0F);
    EXPECT_EQUAL(Magnetometer::word(a.get(0xA8, 6), 4), 6842);      // 1 gauss
    EXPECT_EQUAL(Magnetometer::word(a.get(0xAE, 2), 0), 0);         // 25 C
    a.set(0x21, 0x60);
    a.run_for(10 * period_80_hz);
    EXPECT_EQUAL(a.get(0x27), 0xFF);
    EXPECT_EQUAL(Magnetometer::word(a.get(0xA8, 6), 0), 3422);      // 2 gauss at 16 gauss
    EXPECT_EQUAL(a.account("samples_produced"), 20);
    EXPECT_EQUAL(a.account("samples_lost"), 17);
}

TEST(a_single_conversion_ends_in_power_down) {
    Magnetometer a;
    a.set(0x20, 0x1C);
    a.set(0x22, 0x01);
    a.run_for(period_80_hz);
    EXPECT_EQUAL(a.get(0x22), 0x03);
    a.run_for(ticks_per_second);
    EXPECT_EQUAL(a.account("samples_produced"), 1);
}

TEST(software_reset_powers_it_down) {
    Magnetometer a;
    a.set(0x20, 0x1C);
    a.set(0x22, 0x00);
    a.run_for(period_80_hz);
    a.set(0x21, 0x04);
    EXPECT(!a.pin("DataReady"));
    EXPECT_EQUAL(a.get(0x27), 0);
    EXPECT_EQUAL(a.get(0x22), 0x03);
    EXPECT_EQUAL(a.account("samples_lost"), 1);
}

TEST(fast_rates_follow_the_operating_mode) {
    Magnetometer a;
    a.set(0x20, 0x62);
    a.set(0x22, 0);
    a.run_for(ticks_per_second);
    EXPECT_EQUAL(a.account("samples_produced"), 155);
}

TEST(the_threshold_interrupt_is_named_as_not_modelled_once) {
    Magnetometer a;
    a.set(0x30, 0xE9);
    a.set(0x30, 0xE9);
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
}

int main(int count, char** names) { return bench::run(count, names); }
