// The VL53L0X on the bench: its identity, XSHUT, and the gap.
#include "parts/vl53l0x.h"
#include "sensor_bench.h"

using namespace bench;

namespace {
using Ranger = SensorBench<tinysim::Vl53l0x>;
}  // namespace

TEST(it_is_its_identity) {
    Ranger a;
    const auto bytes = a.get(0xC0, 3);
    EXPECT(bytes[0] == 0xEE && bytes[1] == 0xAA && bytes[2] == 0x10);
    EXPECT_EQUAL(a.recorder.warnings.size(), 0);
}

TEST(the_rest_is_a_gap_that_is_told_once) {
    Ranger a;
    a.set(0x00, 0x01);
    EXPECT_EQUAL(a.get(0x13), 0);
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
}

TEST(shut_down_it_does_not_answer) {
    Ranger a;
    (*a.part.input(0))(false);
    EXPECT(!a.bus.start(false));
    (*a.part.input(0))(true);
    EXPECT(a.bus.start(false));
}

int main(int count, char** names) { return bench::run(count, names); }
