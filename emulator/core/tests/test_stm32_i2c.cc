// I2C v1 of the STM32F4 on the bench: START, addresses, bytes sent, STOP; flags, bit times at PCLK1, errors, requests.
#include "stm32_i2c_bench.h"

using namespace bench;
using namespace bench::stm32;

TEST(start_is_half_a_bit_and_sb_waits_for_sr1_and_dr) {
    I2c t;
    t.add(START);
    EXPECT_EQUAL(t.get(SR2), BUSY);
    t.run_to(half - 1);
    EXPECT_EQUAL(t.i2c.read(CR1, 4) & START, START);
    t.run_to(half);
    EXPECT_EQUAL(t.get(CR1) & START, 0);
    EXPECT_EQUAL(t.get(SR1), SB);
    EXPECT_EQUAL(t.get(SR2), MSL | BUSY);
    t.run_for(100 * byte);
    EXPECT_EQUAL(t.get(SR1), SB);
    t.set(DR, address << 1);
    EXPECT_EQUAL(t.get(SR1), 0);
    t.run_for(byte);
    EXPECT_EQUAL(t.get(SR1), ADDR);
}

TEST(an_address_without_a_read_of_sr1_is_not_sent) {
    I2c t;
    t.add(START);
    t.run_for(bit);
    t.set(DR, address << 1);
    t.run_for(2 * byte);
    EXPECT_EQUAL(t.get(SR1), SB);
    EXPECT_EQUAL(t.target.starts, 0);
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
}

TEST(a_write_takes_nine_bits_a_byte_and_stretches_at_btf) {
    I2c t;
    t.send_address(false);
    t.clear_addr();
    EXPECT_EQUAL(t.get(SR1), TXE);
    EXPECT_EQUAL(t.get(SR2), MSL | BUSY | TRA);
    const Tick begin = t.scheduler.now();
    t.set(DR, 'a');
    EXPECT_EQUAL(t.get(SR1), TXE);              // in the shift register at once
    t.set(DR, 'b');
    EXPECT_EQUAL(t.get(SR1), 0);
    t.run_to(begin + byte - 1);
    EXPECT_EQUAL(t.get(SR1), 0);
    t.run_to(begin + byte);
    EXPECT_EQUAL(t.get(SR1), TXE);
    t.run_to(begin + 2 * byte);
    EXPECT_EQUAL(t.get(SR1), TXE | BTF);
    t.run_for(5 * byte);
    EXPECT_EQUAL(t.target.written.size(), 2);
    t.add(STOP);
    t.run_for(bit);
    EXPECT_EQUAL(t.get(SR1), 0);
    t.wait_idle();
    EXPECT_EQUAL(t.target.stops, 1);
}

TEST(a_stop_programmed_at_txe_comes_after_the_byte) {
    I2c t;
    t.send_address(false);
    t.clear_addr();
    t.set(DR, 'a');
    const Tick begin = t.scheduler.now();
    t.add(STOP);
    t.run_to(begin + byte + bit - 1);
    EXPECT_EQUAL(t.get(SR2) & BUSY, BUSY);
    t.run_to(begin + byte + bit);
    EXPECT_EQUAL(t.get(SR2), 0);
    EXPECT_EQUAL(t.target.written.size(), 1);
}

TEST(an_address_that_nobody_answers_is_af_and_waits_for_stop) {
    I2c t;
    t.set(CR2, 16 | ITERREN);
    t.start();
    t.set(DR, 0x55 << 1);
    EXPECT(t.wait_for(AF));
    EXPECT(t.line("ErrorInterrupt"));
    t.set(SR1, ~uint32_t{AF});
    EXPECT(!t.line("ErrorInterrupt"));
    EXPECT_EQUAL(t.get(SR1), 0);
    t.add(STOP);
    t.wait_idle();
}

TEST(a_refused_byte_is_af_and_the_next_one_is_not_sent) {
    I2c t;
    t.target.refuse_byte = 0;
    t.send_address(false);
    t.clear_addr();
    t.set(DR, 'a');
    t.set(DR, 'b');
    EXPECT(t.wait_for(AF));
    t.run_for(2 * byte);
    EXPECT_EQUAL(t.target.written.size(), 1);
    t.add(STOP);
    t.wait_idle();
}

TEST(fast_mode_divides_by_three_or_by_twenty_five) {
    for (const bool duty : {false, true}) {
        I2c t(FS | (duty ? DUTY | 2 : 14));
        t.send_address(false);
        t.clear_addr();
        const Tick begin = t.scheduler.now(), fast = (duty ? 50 : 42) * at_16_mhz;
        t.set(DR, 'a');
        t.run_to(begin + 9 * fast - 1);
        EXPECT_EQUAL(t.get(SR1) & BTF, 0);
        t.run_to(begin + 9 * fast);
        EXPECT_EQUAL(t.get(SR1) & BTF, BTF);
        EXPECT_EQUAL(t.recorder.warnings.size(), 0);
    }
}

TEST(too_fast_or_told_another_pclk1_is_a_finding) {
    I2c t(FS | 13);
    t.set(CR2, 42);
    t.start();
    EXPECT_EQUAL(t.recorder.warnings.size(), 2);
}

TEST(interrupts_are_events_buffers_and_errors) {
    I2c t;
    t.set(CR2, 16 | ITEVTEN);
    t.send_address(false);
    EXPECT(t.line("EventInterrupt"));
    t.clear_addr();
    EXPECT(!t.line("EventInterrupt"));                  // TXE needs ITBUFEN
    t.set(CR2, 16 | ITEVTEN | ITBUFEN);
    EXPECT(t.line("EventInterrupt"));
    t.set(DR, 'a');
    t.set(DR, 'b');
    EXPECT(!t.line("EventInterrupt"));
    t.set(CR2, 16 | ITEVTEN);
    t.run_for(2 * byte);
    EXPECT(t.line("EventInterrupt"));                   // BTF
    t.add(STOP);
    t.wait_idle();
    EXPECT(!t.line("EventInterrupt"));
}

TEST(dma_requests_follow_txe_and_rxne_in_the_data_phase) {
    I2c t;
    t.set(CR2, 16 | DMAEN);
    t.add(ACK);
    t.send_address(false);
    EXPECT(!t.line("DmaTransmit"));
    t.clear_addr();
    EXPECT(t.line("DmaTransmit"));
    t.set(DR, 'a');
    t.set(DR, 'b');
    EXPECT(!t.line("DmaTransmit"));
    t.run_for(byte);
    EXPECT(t.line("DmaTransmit"));
    t.send_address(true);
    EXPECT(!t.line("DmaTransmit"));
    t.clear_addr();
    t.run_for(byte);
    EXPECT(t.line("DmaReceive"));
    t.get(DR);
    EXPECT(!t.line("DmaReceive"));
}

TEST(another_master_takes_the_bus) {
    I2c t;
    t.set(CR2, 16 | ITERREN);
    t.start();
    t.set(DR, address << 1);
    t.run_for(bit);
    (*t.i2c.input(1))(true);
    EXPECT_EQUAL(t.get(SR1), ARLO);
    EXPECT_EQUAL(t.get(SR2), BUSY);
    EXPECT(t.line("ErrorInterrupt"));
    t.add(START);
    t.run_for(10 * byte);
    EXPECT_EQUAL(t.get(SR1) & SB, 0);
    (*t.i2c.input(1))(false);
    t.run_for(half);
    EXPECT_EQUAL(t.get(SR1) & SB, SB);
    (*t.i2c.input(2))(true);
    EXPECT_EQUAL(t.get(SR1) & BERR, BERR);
}

TEST(the_bus_is_free_for_half_a_bit_between_stop_and_start) {
    I2c t;
    t.send_address(false);
    t.add(STOP);
    t.clear_addr();
    const Tick begin = t.scheduler.now();
    t.add(START | STOP);
    t.run_to(begin + bit + 2 * half - 1);
    EXPECT_EQUAL(t.get(SR1) & SB, 0);
    t.run_to(begin + bit + 2 * half);
    EXPECT_EQUAL(t.get(SR1) & SB, SB);
}

TEST(pe_and_swrst_clear_what_they_clear) {
    I2c t;
    t.send_address(false);
    t.set(CR1, 0);
    EXPECT_EQUAL(t.get(SR1), 0);
    EXPECT_EQUAL(t.get(SR2), 0);
    EXPECT_EQUAL(t.get(CCR), 80);
    EXPECT_EQUAL(t.target.stops, 1);
    t.set(CR1, ACK);
    EXPECT_EQUAL(t.get(CR1), 0);
    t.set(CR1, SWRST);
    EXPECT_EQUAL(t.get(CR1), SWRST);
    t.set(CCR, 1);
    EXPECT_EQUAL(t.get(CCR), 0);
    t.set(CR1, 0);
    EXPECT_EQUAL(t.get(TRISE), 2);
}

TEST(the_filter_register_is_there_where_the_chip_has_it) {
    Chip chip;
    tinysim::stm32::I2cV1 with(chip.construction("i2c1", {{"noiseFilter", 1}})), without(chip.construction("i2c2"));
    with.write(FLTR, 0x1F, 4);
    EXPECT_EQUAL(with.read(FLTR, 4), 0x1F);
    without.read(FLTR, 4);
    EXPECT(without.take_gap());
}

int main(int count, char** names) { return run(count, names); }
