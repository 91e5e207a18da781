// The LIS302DL on the bench: identity, both full scales, data-ready pins.
#include "parts/lis302dl.h"
#include "sensor_bench.h"

using namespace bench;

namespace {
using Accelerometer = SensorBench<tinysim::Lis302dl>;
}  // namespace

TEST(it_identifies_itself) {
    Accelerometer a;
    EXPECT_EQUAL(transfer(a.part, {0x8F, 0})[1], 0x3B);
    EXPECT_EQUAL(a.get(0x0F), 0x3B);
}

TEST(it_measures_in_8_bits_at_100_or_400_hz) {
    Accelerometer a;
    a.set(0x20, 0x47);
    a.run_for(ticks_per_second / 100);
    EXPECT_EQUAL(a.get(0x27), 0x0F);
    EXPECT_EQUAL(transfer(a.part, {0xE9, 0, 0, 0, 0, 0})[5], 56);
    EXPECT_EQUAL(a.get(0x27), 0);
    a.set(0x20, 0xE7);
    a.run_for(ticks_per_second);
    EXPECT_EQUAL(a.get(0x2D), 14);
    EXPECT_EQUAL(a.account("samples_produced"), 401);
}

TEST(data_ready_reaches_the_pin_that_asks_for_it) {
    Accelerometer a;
    a.set(0x22, 0x20);
    a.set(0x20, 0x47);
    a.run_for(ticks_per_second / 100);
    EXPECT(!a.pin("Interrupt1") && a.pin("Interrupt2"));
    a.get(0x2D);
    EXPECT(!a.pin("Interrupt2"));
}

int main(int count, char** names) { return bench::run(count, names); }
