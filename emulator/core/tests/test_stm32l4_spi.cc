// SPI of the STM32L4 on the bench: the two FIFOs, sizes of frames and of accesses. At 4 MHz (MSI) and BR 0 a bit is two clocks.
#include "parts/spi_loopback.h"
#include "soc/stm32/spi.h"
#include "soc/stm32/spi_registers.h"
#include "stm32l4_bench.h"

using namespace bench;
using namespace bench::stm32l4;
using namespace tinysim::stm32::spi;

namespace {

constexpr uint32_t master = MSTR | SSM | SSI;
constexpr uint32_t size(uint32_t bits) { return (bits - 1) << size_at; }
constexpr Tick bit = 2 * at_4_mhz;

struct Wired : L4Chip {
    tinysim::stm32::Spi spi{construction("spi1", {{"gate", 0x600C}, {"fifo", 1}}, {{"rcc", &rcc}})};
    tinysim::SpiLoopback loop{construction("loop")};

    explicit Wired(uint32_t cr2) {
        rcc_set(APB2ENR, 1 << 12);
        spi.spi()->attach(*loop.spi_target());
        set(tinysim::stm32::spi::CR2, cr2);
        set(CR1, master | SPE);
    }
    uint32_t get(uint32_t offset, unsigned bytes = 4) { return spi.read(offset, bytes); }
    void set(uint32_t offset, uint32_t value, unsigned bytes = 4) { spi.write(offset, value, bytes); }
    uint32_t receive_level() { return get(SR) >> receive_level_at & 3; }
    uint32_t transmit_level() { return get(SR) >> transmit_level_at & 3; }
};

}  // namespace

TEST(a_halfword_written_to_dr_is_two_frames_of_a_byte) {
    Wired w(size(8));
    w.set(DR, 0x2211, 2);
    EXPECT_EQUAL(w.transmit_level(), 1);        // the other is on the wire
    w.run_for(8 * bit);
    EXPECT_EQUAL(w.get(SR) & RXNE, 0);          // FRXTH is 0: half full
    EXPECT_EQUAL(w.receive_level(), 1);
    w.run_for(8 * bit);
    EXPECT_EQUAL(w.get(SR) & (RXNE | BSY), RXNE);
    EXPECT_EQUAL(w.get(DR, 2), 0x2211);
    EXPECT_EQUAL(w.receive_level(), 0);
}

TEST(with_frxth_each_byte_is_told_and_read_by_a_byte_access) {
    Wired w(size(8) | FRXTH);
    w.set(DR, 0x11, 1);
    w.set(DR, 0x22, 1);
    w.run_for(8 * bit);
    EXPECT_EQUAL(w.get(SR) & RXNE, RXNE);
    EXPECT_EQUAL(w.get(DR, 1), 0x11);
    EXPECT_EQUAL(w.get(SR) & RXNE, 0);
    w.run_for(8 * bit);
    EXPECT_EQUAL(w.get(DR, 1), 0x22);
}

TEST(txe_falls_above_half_and_what_does_not_fit_is_lost) {
    Wired w(size(8) | FRXTH);
    for (uint32_t i = 0; i < 3; ++i) w.set(DR, i, 1);
    EXPECT_EQUAL(w.get(SR) & TXE, TXE);
    EXPECT_EQUAL(w.transmit_level(), 2);
    w.set(DR, 3, 1);
    EXPECT_EQUAL(w.get(SR) & TXE, 0);
    w.set(DR, 4, 1);
    EXPECT_EQUAL(w.transmit_level(), 3);
    w.set(DR, 5, 1);
    EXPECT_EQUAL(w.recorder.warnings.size(), 1);
}

TEST(four_bytes_fit_and_the_fifth_is_an_overrun) {
    Wired w(size(8) | FRXTH);
    for (uint32_t i = 1; i <= 5; ++i) w.set(DR, i, 1);
    w.run_for(5 * 8 * bit);
    EXPECT_EQUAL(w.receive_level(), 3);
    EXPECT_EQUAL(w.get(SR) & OVR, OVR);
    for (uint32_t i = 1; i <= 4; ++i) EXPECT_EQUAL(w.get(DR, 1), i);
    (void)w.get(SR);
    EXPECT_EQUAL(w.get(SR) & (OVR | RXNE), 0);
}

TEST(frames_of_five_and_of_twelve_bits_last_as_long) {
    Wired five(size(5) | FRXTH);
    five.set(DR, 0x15, 1);
    five.run_for(5 * bit - 1);
    EXPECT_EQUAL(five.get(SR) & RXNE, 0);
    five.run_for(1);
    EXPECT_EQUAL(five.get(DR, 1), 0x15);
    Wired twelve(size(12));
    twelve.set(DR, 0xABC, 2);
    twelve.run_for(12 * bit);
    EXPECT_EQUAL(twelve.get(SR) & RXNE, RXNE);
    EXPECT_EQUAL(twelve.get(DR, 2), 0xABC);
}

TEST(sizes_below_four_are_forced_to_eight) {
    Wired w(size(3));
    EXPECT_EQUAL(w.get(tinysim::stm32::spi::CR2) & size_mask, size_8);
}

TEST(nssp_raises_nss_for_a_bit_between_frames) {
    Wired w(size(8) | FRXTH | SSOE | NSSP);
    w.set(CR1, MSTR);
    w.set(CR1, MSTR | SPE);
    int rises = 0;
    w.spi.output("Nss")->connect([&](bool level) { rises += level; });
    w.set(DR, 1, 1);
    w.set(DR, 2, 1);
    w.run_for((8 + 1 + 8) * bit - 1);
    EXPECT_EQUAL(w.get(SR) & BSY, BSY);
    w.run_for(1);
    EXPECT_EQUAL(w.get(SR) & BSY, 0);
    EXPECT(rises >= 1);
}

TEST(a_crc_of_sixteen_bits_follows_bytes) {
    Wired w(size(8) | FRXTH);
    w.set(CR1, master);
    w.set(CRCPR, 0x1021);
    w.set(CR1, master | CRCEN | CRCL);
    w.set(CR1, master | CRCEN | CRCL | SPE);
    w.set(DR, 0x31, 1);
    w.set(CR1, master | CRCEN | CRCL | SPE | CRCNEXT);
    w.run_for(8 * bit);
    EXPECT_EQUAL(w.get(DR, 1), 0x31);
    EXPECT_EQUAL(w.get(TXCRCR), 0x2672);        // CRC-16/XMODEM of "1"
    w.run_for(16 * bit);
    EXPECT_EQUAL(w.get(DR, 2), 0x2672);
    EXPECT_EQUAL(w.get(SR) & (CRCERR | RXNE), 0);
}

TEST(ldma_tx_takes_one_byte_of_the_dmas_last_halfword) {
    Wired w(size(8) | LDMA_TX | TXDMAEN);
    w.set(DR, 0x2211, 2);
    (*w.spi.input(1))(true);
    (*w.spi.input(1))(false);
    w.set(DR, 0x4433, 2);
    w.run_for(24 * bit);
    EXPECT_EQUAL(w.get(SR) & BSY, 0);
    EXPECT_EQUAL(w.get(DR, 2), 0x2211);
    EXPECT_EQUAL(w.receive_level(), 1);
    EXPECT_EQUAL(w.get(DR, 2), 0x33);
    EXPECT(!w.spi.take_gap());
}

TEST(ldma_rx_asks_for_the_last_byte_alone) {
    Wired w(size(8) | LDMA_RX | RXDMAEN);
    for (uint32_t i = 0; i < 3; ++i) w.set(DR, 0x11 * (i + 1), 1);
    w.run_for(16 * bit);
    EXPECT(w.spi.output("DmaReceive")->level());
    EXPECT_EQUAL(w.get(DR, 2), 0x2211);
    (*w.spi.input(2))(true);
    (*w.spi.input(2))(false);
    EXPECT(!w.spi.output("DmaReceive")->level());
    w.run_for(8 * bit);
    EXPECT(w.spi.output("DmaReceive")->level());
    EXPECT_EQUAL(w.get(DR, 2), 0x33);
    w.set(DR, 0x44, 1);                         // behind it two bytes are asked for again
    w.run_for(8 * bit);
    EXPECT(!w.spi.output("DmaReceive")->level());
}

TEST(a_receive_only_master_goes_on_behind_stop) {
    Wired w(size(8) | FRXTH);
    w.set(CR1, 0);
    w.set(CR1, master | RXONLY | SPE);
    w.run_for(8 * bit - 1);
    w.rcc.stop();
    w.run_for(100 * bit);
    EXPECT_EQUAL(w.receive_level(), 0);
    w.rcc.restart();
    w.run_for(1);
    EXPECT_EQUAL(w.receive_level(), 1);
    w.run_for(8 * bit);
    EXPECT_EQUAL(w.receive_level(), 2);
}

int main(int count, char** names) { return bench::run(count, names); }
