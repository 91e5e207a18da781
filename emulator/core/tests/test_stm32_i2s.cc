// I2S of the STM32F4 on the bench: word times from the kernel clock (16 MHz here), channels, a slave, the companion block, a PDM
// microphone. With I2SDIV 8 a bit is 16 clocks: 1 MHz.
#include "parts/pdm_microphone.h"
#include "parts/spi_loopback.h"
#include "soc/stm32/spi.h"
#include "soc/stm32/spi_registers.h"
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;
using namespace tinysim::stm32::spi;

namespace {

using tinysim::stm32::Spi;
constexpr uint32_t slave_transmit = I2SMOD | I2SE, slave_receive = slave_transmit | i2s_receives,
                   transmit = slave_transmit | i2s_masters, receive = transmit | i2s_receives;
constexpr uint32_t data_32_bits = 2u << data_length_at;
constexpr Tick bit = 16 * at_16_mhz;

struct Wired : Chip {
    Spi master{construction("spi2", {{"i2s", 1}})};
    Spi slave{construction("spi3", {{"i2s", 1}}, {{"master", &master}})};
    Spi companion{construction("i2s2ext", {{"i2s", 1}}, {{"companionOf", &master}})};
    tinysim::SpiLoopback loop{construction("loop")};

    void set(Spi& spi, uint32_t offset, uint32_t value) { spi.write(offset, value, 4); }
    uint32_t get(Spi& spi, uint32_t offset) { return spi.read(offset, 4); }
    void start(uint32_t mode, uint32_t prescaler = 8) {
        set(master, I2SPR, prescaler);
        set(master, I2SCFGR, mode);
    }
};

}  // namespace

TEST(a_masters_words_come_every_16_bits_and_change_sides) {
    Wired w;
    w.start(receive);
    w.run_to(16 * bit - 1);
    EXPECT_EQUAL(w.get(w.master, SR) & RXNE, 0);
    w.run_to(16 * bit);
    EXPECT_EQUAL(w.get(w.master, SR) & (RXNE | CHSIDE), RXNE);
    (void)w.get(w.master, DR);
    w.run_to(32 * bit);
    EXPECT_EQUAL(w.get(w.master, SR) & (RXNE | CHSIDE), RXNE | CHSIDE);
}

TEST(odd_wide_channels_and_mck_change_the_rate) {
    Wired odd;
    odd.start(receive, 8 | 1 << 8);
    odd.run_to(16 * 17 * at_16_mhz);
    EXPECT_EQUAL(odd.get(odd.master, SR) & RXNE, RXNE);
    Wired wide;
    wide.start(receive | CHLEN);
    wide.run_to(32 * bit - 1);
    EXPECT_EQUAL(wide.get(wide.master, SR) & RXNE, 0);
    wide.run_to(32 * bit);
    EXPECT_EQUAL(wide.get(wide.master, SR) & RXNE, RXNE);
    Wired mck;
    mck.start(receive, 2 | MCKOE);              // Fs = 16 MHz / (256 * 4)
    mck.run_to(second / 15625 / 2 - 1);
    EXPECT_EQUAL(mck.get(mck.master, SR) & RXNE, 0);
    mck.run_to(second / 15625 / 2);
    EXPECT_EQUAL(mck.get(mck.master, SR) & RXNE, RXNE);
}

TEST(a_master_sends_to_a_slave_two_words_for_each_32_bits) {
    Wired w;
    w.set(w.slave, I2SCFGR, slave_receive | CHLEN | data_32_bits);
    w.set(w.master, I2SPR, 8);
    w.set(w.master, I2SCFGR, transmit | CHLEN | data_32_bits);
    w.set(w.master, DR, 0x1234);
    w.set(w.master, DR, 0x5678);
    EXPECT_EQUAL(w.get(w.master, SR) & TXE, 0);
    w.run_to(16 * bit);
    EXPECT_EQUAL(w.get(w.slave, SR) & (RXNE | CHSIDE), RXNE);
    EXPECT_EQUAL(w.get(w.slave, DR), 0x1234);
    w.set(w.master, DR, 0x9ABC);
    w.run_to(32 * bit);
    EXPECT_EQUAL(w.get(w.slave, DR), 0x5678);
    w.run_to(48 * bit);
    EXPECT_EQUAL(w.get(w.slave, SR) & (RXNE | CHSIDE), RXNE | CHSIDE);
    EXPECT_EQUAL(w.get(w.slave, DR), 0x9ABC);
    EXPECT_EQUAL(w.recorder.warnings.size(), 1);        // nothing more to send
}

TEST(a_slave_without_data_underruns) {
    Wired w;
    w.set(w.slave, CR2, ERRIE);
    w.set(w.slave, I2SCFGR, slave_transmit);
    w.set(w.slave, DR, 0x77);
    w.start(receive);
    w.run_to(16 * bit);
    EXPECT_EQUAL(w.get(w.master, DR), 0x77);
    EXPECT_EQUAL(w.get(w.slave, SR) & UDR, 0);
    w.run_to(32 * bit);
    EXPECT(w.slave.output("IRQ")->level());
    EXPECT_EQUAL(w.get(w.slave, SR) & UDR, UDR);
    EXPECT_EQUAL(w.get(w.slave, SR) & UDR, 0);
}

TEST(the_companion_hears_while_the_master_sends) {
    Wired w;
    w.master.spi()->attach(*w.loop.spi_target());
    w.set(w.companion, I2SCFGR, slave_receive);
    w.set(w.master, I2SPR, 8);
    w.set(w.master, I2SCFGR, transmit);
    w.set(w.master, DR, 0xCAFE);
    w.run_to(16 * bit);
    EXPECT_EQUAL(w.get(w.companion, SR) & RXNE, RXNE);
    EXPECT_EQUAL(w.get(w.companion, DR), 0xCAFE);
    EXPECT_EQUAL(w.get(w.master, SR) & RXNE, 0);
}

TEST(an_unread_word_is_lost_and_counted) {
    Wired w;
    w.start(receive);
    w.run_to(3 * 16 * bit);
    EXPECT_EQUAL(w.get(w.master, SR) & OVR, OVR);
    EXPECT_EQUAL(w.recorder.counter("spi2.samples_produced"), 3);
    EXPECT_EQUAL(w.recorder.counter("spi2.samples_lost"), 2);
}

TEST(a_pdm_microphone_gives_its_bits_the_first_one_highest) {
    Wired w;
    tinysim::PdmMicrophone heard{w.construction("heard")}, same{w.construction("same")};
    EXPECT(w.master.pdm_sockets()->attach(0, *heard.pdm_source()));
    const uint64_t bits = same.pdm_source()->bits(0, bit, 16);
    uint32_t word = 0;
    for (unsigned i = 0; i < 16; ++i) word = word << 1 | (bits >> i & 1);
    w.start(receive);
    w.run_to(16 * bit);
    EXPECT_EQUAL(w.get(w.master, DR), word);
}

int main(int count, char** names) { return bench::run(count, names); }
