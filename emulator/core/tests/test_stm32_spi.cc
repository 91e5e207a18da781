// SPI of the STM32F4 on the bench: frame times from its clock, flags and the sequences that clear them, CRC, slaves, I2S.
// At 16 MHz and BR 0 a bit is two clocks: a frame of 8 bits takes 16.
#include "parts/spi_loopback.h"
#include "soc/stm32/spi.h"
#include "soc/stm32/spi_registers.h"
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;
using namespace tinysim::stm32::spi;

namespace {

using tinysim::stm32::Spi;
constexpr uint32_t master = MSTR | SSM | SSI;
constexpr Tick frame = 16 * at_16_mhz;

struct Wired : ClockedChip {
    Spi spi1{construction("spi1", {{"gate", 0x440C}}, {{"rcc", &rcc}})};
    Spi spi2{construction("spi2", {{"gate", 0x400E}, {"i2s", 1}}, {{"rcc", &rcc}, {"master", &spi1}})};
    tinysim::SpiLoopback loop{construction("loop")};

    explicit Wired(bool loops = true) {
        rcc_set(APB1ENR, 1 << 14);
        rcc_set(APB2ENR, 1 << 12);
        if (loops) spi1.spi()->attach(*loop.spi_target());
    }
    uint32_t get(uint32_t offset, unsigned bytes = 4) { return spi1.read(offset, bytes); }
    void set(uint32_t offset, uint32_t value, unsigned bytes = 4) { spi1.write(offset, value, bytes); }
    bool irq() { return spi1.output("IRQ")->level(); }
};

}  // namespace

TEST(a_frame_lasts_its_bits_and_comes_back) {
    Wired w;
    w.set(CR1, master | SPE);
    EXPECT_EQUAL(w.get(SR), TXE);
    w.set(DR, 0xA5);
    EXPECT_EQUAL(w.get(SR), TXE | BSY);
    w.set(DR, 0x5A);
    EXPECT_EQUAL(w.get(SR), BSY);
    w.run_to(frame - 1);
    EXPECT_EQUAL(w.get(SR), BSY);
    w.run_to(frame);
    EXPECT_EQUAL(w.get(SR), TXE | RXNE | BSY);
    EXPECT_EQUAL(w.get(DR), 0xA5);
    w.run_to(2 * frame - 1);
    EXPECT_EQUAL(w.get(SR), TXE | BSY);
    w.run_to(2 * frame);
    EXPECT_EQUAL(w.get(SR), TXE | RXNE);
    EXPECT_EQUAL(w.get(DR), 0x5A);
}

TEST(br_divides_and_dff_doubles) {
    Wired w;
    w.set(CR1, master | SPE | DFF | 3 << divider_at);
    w.set(DR, 0xBEEF, 2);
    w.run_to(16 * 16 * at_16_mhz - 1);
    EXPECT_EQUAL(w.get(SR) & RXNE, 0);
    w.run_to(16 * 16 * at_16_mhz);
    EXPECT_EQUAL(w.get(DR), 0xBEEF);
}

TEST(a_frame_written_before_spe_waits_for_it) {
    Wired w;
    w.set(CR1, master);
    w.set(DR, 0x11);
    EXPECT_EQUAL(w.get(SR), 0);
    w.run_to(10 * frame);
    w.set(CR1, master | SPE);
    EXPECT_EQUAL(w.get(SR), TXE | BSY);
    w.run_to(11 * frame);
    EXPECT_EQUAL(w.get(SR), TXE | RXNE);
}

TEST(an_unread_frame_makes_an_overrun_that_goes_by_dr_then_sr) {
    Wired w;
    w.set(CR2, ERRIE);
    w.set(CR1, master | SPE);
    w.set(DR, 1);
    w.set(DR, 2);
    EXPECT(!w.irq());
    w.run_to(2 * frame);
    EXPECT(w.irq());
    EXPECT_EQUAL(w.get(SR), TXE | RXNE | OVR);
    EXPECT_EQUAL(w.get(DR), 1);
    EXPECT_EQUAL(w.get(SR), TXE | OVR);
    EXPECT_EQUAL(w.get(SR), TXE);
    EXPECT(!w.irq());
    EXPECT_EQUAL(w.recorder.counter("spi1.overruns"), 1);
}

TEST(a_low_nss_in_master_mode_is_a_mode_fault) {
    Wired w;
    w.set(CR1, MSTR | SSM | SPE);
    EXPECT_EQUAL(w.get(SR), TXE | MODF);
    EXPECT_EQUAL(w.get(CR1) & (SPE | MSTR), 0);
    w.set(CR1, master | SPE);
    EXPECT_EQUAL(w.get(SR) & MODF, 0);
    EXPECT_EQUAL(w.get(CR1) & (SPE | MSTR), SPE | MSTR);
    w.set(CR1, MSTR);
    w.set(CR1, MSTR | SPE);
    EXPECT_EQUAL(w.get(SR) & MODF, 0);          // NSS is pulled up
    (*w.spi1.input(0))(false);
    EXPECT_EQUAL(w.get(SR) & MODF, MODF);
}

TEST(a_receive_only_master_clocks_until_spe_is_cleared) {
    Wired w(false);
    w.set(CR1, master | RXONLY | SPE);
    w.run_to(frame);
    EXPECT_EQUAL(w.get(DR), 0xFF);
    w.run_to(frame + 1);
    w.set(CR1, master | RXONLY);
    w.run_to(2 * frame);
    EXPECT_EQUAL(w.get(SR) & (RXNE | BSY), RXNE);
    (void)w.get(DR);
    w.run_to(9 * frame);
    EXPECT_EQUAL(w.get(SR), TXE);
}

TEST(a_bidirectional_line_sends_without_hearing_and_hears_without_busy) {
    Wired w;
    w.set(CR1, master | BIDIMODE | BIDIOE | SPE);
    w.set(DR, 0x77);
    w.run_to(frame);
    EXPECT_EQUAL(w.get(SR), TXE);
    w.set(CR1, master | BIDIMODE | SPE);
    EXPECT_EQUAL(w.get(SR), TXE);
    w.run_to(2 * frame);
    EXPECT_EQUAL(w.get(SR), TXE | RXNE);
}

TEST(crc_follows_the_last_frame_and_is_compared) {
    Wired w;
    w.set(CR1, master | CRCEN);
    w.set(CR1, master | CRCEN | SPE);
    w.set(DR, 0x31);
    w.set(CR1, master | CRCEN | SPE | CRCNEXT);
    w.run_to(frame);
    EXPECT_EQUAL(w.get(DR), 0x31);
    EXPECT_EQUAL(w.get(TXCRCR), 0x97);          // x^8 + x^2 + x + 1 of 0x31, first value 0
    EXPECT_EQUAL(w.get(RXCRCR), 0x97);
    w.run_to(2 * frame);
    EXPECT_EQUAL(w.get(DR), 0x97);
    EXPECT_EQUAL(w.get(SR), TXE);
}

TEST(behind_the_last_item_of_dma_the_crc_goes_by_itself) {
    Wired w;
    const auto one_is_left = *w.spi1.input(1);
    w.set(tinysim::stm32::spi::CR2, TXDMAEN);
    w.set(CR1, master | CRCEN | SPE);
    one_is_left(true);
    one_is_left(false);
    w.set(DR, 0x31);
    w.run_to(frame);
    (void)w.get(DR);
    w.run_to(2 * frame);
    EXPECT_EQUAL(w.get(DR), 0x97);
    EXPECT_EQUAL(w.get(SR), TXE);
}

TEST(a_wrong_crc_sets_crcerr_until_it_is_written_0) {
    Wired w(false);
    w.set(CR1, master | CRCEN | SPE);
    w.set(DR, 0x31);
    w.set(CR1, master | CRCEN | SPE | CRCNEXT);
    w.run_to(frame);
    (void)w.get(DR);
    w.run_to(2 * frame);
    EXPECT_EQUAL(w.get(SR) & CRCERR, CRCERR);
    w.set(SR, 0);
    EXPECT_EQUAL(w.get(SR) & CRCERR, 0);
}

TEST(two_blocks_on_one_wire_exchange_what_they_hold) {
    Wired w(false);
    w.spi2.write(CR1, SSM | SPE | LSBFIRST, 4);
    w.spi2.write(DR, 0xF1, 4);
    w.set(CR1, master | SPE | LSBFIRST);
    w.set(DR, 0x2D);
    w.run_to(frame);
    EXPECT_EQUAL(w.get(DR), 0xF1);
    EXPECT_EQUAL(w.spi2.read(DR, 4), 0x2D);
}

TEST(a_slave_with_hardware_nss_hears_only_when_selected) {
    Wired w(false);
    w.spi1.output("Nss")->connect(*w.spi2.input(0));
    w.spi2.write(CR1, SPE, 4);
    w.spi2.write(DR, 0x42, 4);
    w.set(CR2, SSOE);
    w.set(CR1, MSTR);
    EXPECT(w.spi1.output("Nss")->level());
    w.set(CR1, MSTR | SPE);
    EXPECT(!w.spi1.output("Nss")->level());
    w.set(DR, 0x99);
    w.run_to(frame);
    EXPECT_EQUAL(w.get(DR), 0x42);
    EXPECT_EQUAL(w.spi2.read(DR, 4), 0x99);
}

TEST(requests_follow_txe_and_rxne) {
    Wired w;
    w.set(CR2, TXDMAEN | RXDMAEN);
    EXPECT(w.spi1.output("DmaTransmit")->level());
    w.set(DR, 3);
    EXPECT(!w.spi1.output("DmaTransmit")->level());
    w.set(CR1, master | SPE);
    EXPECT(w.spi1.output("DmaTransmit")->level());
    w.run_to(frame);
    EXPECT(w.spi1.output("DmaReceive")->level());
    (void)w.get(DR);
    EXPECT(!w.spi1.output("DmaReceive")->level());
}

TEST(ti_mode_is_a_gap) {
    Wired w;
    w.set(CR2, FRF);
    EXPECT(w.spi1.take_gap());
}

int main(int count, char** names) { return bench::run(count, names); }
