// The HTS221 on the bench: identity, calibration, rates, one-shot, DRDY.
#include "parts/hts221.h"
#include "sensor_bench.h"

using namespace bench;

namespace {

struct Hygrometer : SensorBench<tinysim::Hts221> {
    // As a driver computes it: a line through the two points of the calibration, in thousandths.
    int humidity() {
        const auto points = get(0xB0, 16), out = get(0xA8, 2);
        const int h0 = 500 * points[0], h1 = 500 * points[1], from = word(points, 6), to = word(points, 10);
        return h0 + (h1 - h0) * (word(out, 0) - from) / (to - from);
    }
    int temperature() {
        const auto points = get(0xB0, 16), out = get(0xAA, 2);
        const int t0 = 125 * (points[2] | (points[5] & 3) << 8), t1 = 125 * (points[3] | (points[5] & 12) << 6);
        const int from = word(points, 12), to = word(points, 14);
        return t0 + (t1 - t0) * (word(out, 0) - from) / (to - from);
    }
};

}  // namespace

TEST(it_identifies_itself) {
    Hygrometer a;
    EXPECT_EQUAL(a.get(0x0F), 0xBC);
    EXPECT_EQUAL(a.get(0x10), 0x1B);
}

TEST(its_calibration_gives_back_what_was_played) {
    const auto humidity = steps("humidity", 1, 100, ticks_per_second, 1000);
    const auto temperature = steps("temperature", 1, 100, ticks_per_second, -500);
    Hygrometer a;
    EXPECT(a.part.play(humidity) && a.part.play(temperature));
    a.set(0x20, 0x81);
    a.run_to(ticks_per_second * 40);
    EXPECT_EQUAL(a.humidity(), 40'000);
    EXPECT_EQUAL(a.temperature(), -20'000);
}

TEST(data_ready_needs_its_bit_and_falls_when_both_were_read) {
    Hygrometer a;
    a.set(0x22, 0x04);
    a.set(0x20, 0x82);
    a.run_for(ticks_per_second / 7);
    EXPECT(a.pin("DataReady"));
    EXPECT_EQUAL(a.get(0x27), 0x03);
    a.get(0xA8, 2);
    EXPECT_EQUAL(a.get(0x27), 0x01);
    EXPECT(a.pin("DataReady"));
    a.get(0xAA, 2);
    EXPECT(!a.pin("DataReady"));
    a.set(0x22, 0x84);
    EXPECT(a.pin("DataReady"));
}

TEST(a_one_shot_conversion_clears_its_bit) {
    Hygrometer a;
    a.set(0x20, 0x80);
    a.set(0x21, 0x01);
    EXPECT_EQUAL(a.get(0x21), 0x01);
    a.run_for(ticks_per_second / 200);
    EXPECT_EQUAL(a.get(0x21), 0);
    EXPECT_EQUAL(a.humidity(), 40'000);
    EXPECT_EQUAL(a.account("samples_read"), 1);
}

TEST(the_heater_is_named_as_not_modelled) {
    Hygrometer a;
    a.set(0x21, 0x02);
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
}

int main(int count, char** names) { return bench::run(count, names); }
