// RNG and TEMP on the bench: times, repeatability, reset values of the trim registers.
#include "device_bench.h"
#include "soc/nrf/rng.h"
#include "soc/nrf/temp.h"

using namespace bench;

namespace {
constexpr Tick us = ticks_per_second / 1'000'000;
enum : uint32_t {
    START = 0x000,
    STOP = 0x004,
    VALRDY = 0x100,
    DATARDY = 0x100,
    SHORTS = 0x200,
    CONFIG = 0x504,
    VALUE = 0x508,
    TEMP = 0x508,
    A0 = 0x520
};

tinysim::Construction with_chip(Bench& bench, const char* parameter, int64_t value) {
    auto all = bench.construction("device");
    all.chip[parameter] = value;
    return all;
}

std::string bytes_of(tinysim::nrf::Rng& rng, Bench& bench, int count) {
    std::string bytes;
    rng.write(START, 1, 4);
    bench.run_for(128 * us);
    for (int i = 0; i < count; ++i) {
        bench.run_for(30 * us);
        bytes.push_back(static_cast<char>(rng.read(VALUE, 4)));
    }
    return bytes;
}
}  // namespace

TEST(random_bytes_come_every_30_us_after_the_start) {
    Bench t;
    tinysim::nrf::Rng rng{t.construction("rng")};
    rng.write(START, 1, 4);
    for (Tick due : {158 * us, 188 * us, 218 * us}) {
        t.run_to(due - 1);
        EXPECT_EQUAL(rng.read(VALRDY, 4), 0);
        t.run_to(due);
        EXPECT_EQUAL(rng.read(VALRDY, 4), 1);
        rng.write(VALRDY, 0, 4);
    }
    rng.write(STOP, 1, 4);
    t.run_for(1000 * us);
    EXPECT_EQUAL(rng.read(VALRDY, 4), 0);
}

TEST(bias_correction_takes_120_us_and_the_short_stops_after_one_byte) {
    Bench t;
    tinysim::nrf::Rng rng{t.construction("rng")};
    rng.write(CONFIG, 1, 4);
    rng.write(SHORTS, 1, 4);
    rng.write(START, 1, 4);
    t.run_to(248 * us - 1);
    EXPECT_EQUAL(rng.read(VALRDY, 4), 0);
    t.run_to(248 * us);
    EXPECT_EQUAL(rng.read(VALRDY, 4), 1);
    rng.write(VALRDY, 0, 4);
    t.run_for(1000 * us);
    EXPECT_EQUAL(rng.read(VALRDY, 4), 0);
}

TEST(the_same_seed_gives_the_same_bytes_and_another_gives_others) {
    Bench t;
    tinysim::nrf::Rng one{t.construction("rng")}, same{t.construction("rng")};
    tinysim::nrf::Rng other{with_chip(t, "rng_seed", 2)};
    const std::string bytes = bytes_of(one, t, 64);
    EXPECT(bytes == bytes_of(same, t, 64));
    EXPECT(bytes != bytes_of(other, t, 64));
}

TEST(random_bytes_are_spread_evenly) {
    Bench t;
    tinysim::nrf::Rng rng{t.construction("rng")};
    std::array<int, 16> count{};
    for (char byte : bytes_of(rng, t, 16'000)) ++count[static_cast<uint8_t>(byte) >> 4];
    for (int each : count)
        EXPECT(each > 850 && each < 1150);  // 1000 expected, five standard deviations
}

TEST(a_measurement_takes_36_us_and_answers_quarters_of_a_degree) {
    Bench t;
    tinysim::nrf::Temp temp{t.construction("temp")};
    temp.write(START, 1, 4);
    t.run_to(36 * us - 1);
    EXPECT_EQUAL(temp.read(DATARDY, 4), 0);
    t.run_to(36 * us);
    EXPECT_EQUAL(temp.read(DATARDY, 4), 1);
    EXPECT_EQUAL(temp.read(TEMP, 4), 100);
}

TEST(a_temperature_below_zero_is_twos_complement) {
    Bench t;
    tinysim::nrf::Temp temp{with_chip(t, "die_temperature_millicelsius", -10'100)};
    temp.write(START, 1, 4);
    t.run_for(36 * us);
    EXPECT_EQUAL(static_cast<int32_t>(temp.read(TEMP, 4)), -41);
}

TEST(trim_words_of_ficr_fit_into_their_registers) {
    Bench t;
    tinysim::nrf::Temp temp{t.construction("temp")};
    EXPECT_EQUAL(temp.read(A0, 4), 0x326);
    temp.write(A0, 0xFFFFF320, 4);
    EXPECT_EQUAL(temp.read(A0, 4), 0x320);
    temp.reset();
    EXPECT_EQUAL(temp.read(A0, 4), 0x326);
}

int main(int count, char** names) { return run(count, names); }
