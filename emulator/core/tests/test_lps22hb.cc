// The LPS22HB on the bench: identity, 24-bit pressure, temperature, FIFO, pin, one-shot.
#include "parts/lps22hb.h"
#include "sensor_bench.h"

using namespace bench;

namespace {

constexpr Tick period_50_hz = ticks_per_second / 50;

struct Barometer : SensorBench<tinysim::Lps22hb> {
    static int pressure(const std::vector<uint8_t>& bytes, size_t at = 0) {
        return bytes[at] | bytes[at + 1] << 8 | static_cast<int8_t>(bytes[at + 2]) * 65536;
    }
};

}  // namespace

TEST(it_identifies_itself) {
    Barometer a;
    EXPECT_EQUAL(a.get(0x0F), 0xB1);
    EXPECT_EQUAL(a.get(0x11), 0x10);
}

TEST(it_measures_pressure_and_temperature) {
    Barometer a;
    a.set(0x10, 0x42);
    a.run_for(period_50_hz);
    EXPECT_EQUAL(a.get(0x27), 0x03);
    const auto bytes = a.get(0x28, 5);
    EXPECT_EQUAL(Barometer::pressure(bytes), 4'150'272);        // 1013.25 hPa
    EXPECT_EQUAL(Barometer::word(bytes, 3), 2500);
    EXPECT_EQUAL(a.get(0x27), 0);
    a.run_for(2 * period_50_hz);
    EXPECT_EQUAL(a.get(0x27), 0x33);
}

TEST(the_fifo_keeps_sets_and_raises_the_pin_at_its_watermark) {
    const auto pressure = steps("pressure", 1, 100, period_50_hz, 100'000);
    Barometer a;
    a.part.play(pressure);
    a.set(0x12, 0x10);
    a.set(0x14, 0x40 | 8);
    a.set(0x11, 0x50);
    a.set(0x10, 0x40);
    a.run_for(8 * period_50_hz - 1);
    EXPECT(!a.pin("Interrupt"));
    a.run_for(1);
    EXPECT(a.pin("Interrupt"));
    EXPECT_EQUAL(a.get(0x26), 0x88);
    const auto bytes = a.get(0x28, 40);
    for (size_t i = 0; i < 8; ++i) EXPECT_EQUAL(Barometer::pressure(bytes, 5 * i), 4096 * static_cast<int>(i + 1));
    EXPECT_EQUAL(a.get(0x26), 0);
    EXPECT(!a.pin("Interrupt"));
    EXPECT_EQUAL(a.account("samples_read"), 8);
}

TEST(an_unread_fifo_loses_samples_and_says_so) {
    Barometer a;
    a.set(0x14, 0x40);
    a.set(0x11, 0x50);
    a.set(0x10, 0x40);
    a.run_for(40 * period_50_hz);
    EXPECT_EQUAL(a.get(0x26), 0x60);
    EXPECT_EQUAL(a.account("samples_lost"), 8);
    EXPECT_EQUAL(a.account("samples_pending"), 32);
}

TEST(stop_on_threshold_limits_the_depth) {
    Barometer a;
    a.set(0x14, 0x20 | 4);
    a.set(0x11, 0x70);
    a.set(0x10, 0x40);
    a.run_for(10 * period_50_hz);
    EXPECT_EQUAL(a.get(0x26), 0x84);
    EXPECT_EQUAL(a.account("samples_lost"), 6);
}

TEST(a_one_shot_conversion_clears_its_bit) {
    Barometer a;
    a.set(0x11, 0x11);
    a.run_for(ticks_per_second / 50);
    EXPECT_EQUAL(a.get(0x11), 0x10);
    EXPECT_EQUAL(a.account("samples_produced"), 1);
    a.set(0x11, 0x14);
    EXPECT_EQUAL(a.account("samples_lost"), 1);
}

int main(int count, char** names) { return bench::run(count, names); }
