// The LIS3DSH on the bench, over SPI: identity, full scales, DRDY, FIFO with its watermark, account.
#include "parts/lis3dsh.h"
#include "sensor_bench.h"

using namespace bench;

namespace {

constexpr Tick period_100_hz = ticks_per_second / 100;

struct Accelerometer : SensorBench<tinysim::Lis3dsh> {
    void write(uint8_t address, uint8_t value) { transfer(part, {address, value}); }
    int read(uint8_t address) { return transfer(part, {static_cast<uint8_t>(0x80 | address), 0})[1]; }
    std::vector<uint8_t> burst(uint8_t address, size_t count) {
        std::vector<uint8_t> out(count + 1);
        out[0] = static_cast<uint8_t>(0x80 | address);
        auto in = transfer(part, out);
        in.erase(in.begin());
        return in;
    }
    void use_fifo(uint8_t mode_and_watermark) {
        write(0x23, 0x48);      // IEA, INT1_EN
        write(0x2E, mode_and_watermark);
        write(0x25, 0x74);      // FIFO_EN, WTM_EN, ADD_INC, P1_WTM
        write(0x20, 0x67);
    }
};

}  // namespace

TEST(it_identifies_itself_over_spi_and_only_when_selected) {
    Accelerometer a;
    EXPECT(!a.part.spi_target()->is_selected());
    EXPECT_EQUAL(a.read(0x0F), 0x3F);
    EXPECT_EQUAL(a.read(0x20), 0x07);
    EXPECT_EQUAL(a.get(0x0F), 0x3F);
    EXPECT(!a.part.spi_target()->is_selected());
}

TEST(a_frame_of_16_bits_is_address_and_value) {
    Accelerometer a;
    (*a.part.input(0))(true);
    (*a.part.input(0))(false);
    EXPECT_EQUAL(a.part.spi_target()->exchange(0x8F00, 16), 0xFF3F);
}

TEST(at_rest_it_measures_one_g_at_every_full_scale) {
    static constexpr int one_g[] = {16667, 8333, 5556, 4167, 1370};
    for (int scale = 0; scale < 5; ++scale) {
        Accelerometer a;
        a.write(0x24, static_cast<uint8_t>(scale << 3));
        a.write(0x20, 0x67);
        a.run_for(period_100_hz);
        EXPECT_EQUAL(a.read(0x27), 0x0F);
        EXPECT_EQUAL(Accelerometer::word(a.burst(0x28, 6), 4), one_g[scale]);
        EXPECT_EQUAL(a.read(0x27), 0);
    }
}

TEST(data_ready_reaches_int1_with_its_level) {
    Accelerometer a;
    a.write(0x23, 0xC8);
    a.write(0x20, 0x67);
    a.run_for(period_100_hz);
    EXPECT(a.pin("Interrupt1"));
    a.burst(0x28, 6);
    EXPECT(!a.pin("Interrupt1"));
    a.write(0x23, 0x88);
    EXPECT(a.pin("Interrupt1"));
}

TEST(the_watermark_raises_int1_and_a_burst_reads_every_sample_once) {
    const auto recording = steps("acceleration", 3, 200, period_100_hz, 60);
    Accelerometer a;
    a.part.play(recording);
    a.use_fifo(0x40 | 16);
    a.run_for(16 * period_100_hz - 1);
    EXPECT(!a.pin("Interrupt1"));
    a.run_for(1);
    EXPECT(a.pin("Interrupt1"));
    EXPECT_EQUAL(a.read(0x2F), 0x80 | 16);
    const auto bytes = a.burst(0x28, 96);
    for (size_t i = 0; i < 16; ++i) EXPECT_EQUAL(Accelerometer::word(bytes, 6 * i), static_cast<int>(i + 1));
    EXPECT(!a.pin("Interrupt1"));
    EXPECT_EQUAL(a.read(0x2F), 0x20);
    EXPECT_EQUAL(a.account("samples_read"), 16);
}

TEST(an_unread_stream_overruns_and_fifo_mode_stops) {
    for (uint8_t mode : {0x40, 0x20}) {
        Accelerometer a;
        a.use_fifo(mode);
        a.run_for(40 * period_100_hz);
        EXPECT_EQUAL(a.read(0x2F), 0x40 | 31);
        EXPECT_EQUAL(a.account("samples_lost"), 8);
        EXPECT_EQUAL(a.account("overruns"), mode == 0x40);
        EXPECT_EQUAL(a.account("samples_pending"), 32);
    }
}

TEST(state_machines_are_named_as_not_modelled_once) {
    Accelerometer a;
    a.write(0x21, 0x01);
    a.write(0x21, 0x01);
    a.write(0x22, 0x01);
    EXPECT_EQUAL(a.recorder.warnings.size(), 2);
}

int main(int count, char** names) { return bench::run(count, names); }
