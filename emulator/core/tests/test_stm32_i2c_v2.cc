// I2C v2 of the STM32L4 on the bench, as master: times of TIMINGR, NBYTES, RELOAD, AUTOEND, 10-bit, errors, requests.
#include "stm32_i2c_v2_bench.h"

using namespace bench;
using namespace bench::stm32;

TEST(a_write_takes_start_address_bytes_and_stop_of_timingr) {
    Pair t;
    t.start(t.count(2) | AUTOEND);
    EXPECT_EQUAL(t.get(ISR), TXE | BUSY);
    t.run_to(high + byte - 1);
    EXPECT_EQUAL(t.get(ISR), TXE | BUSY);
    EXPECT_EQUAL(t.get(CR2) & START, START);
    t.run_to(high + byte);
    EXPECT_EQUAL(t.get(ISR), TXE | TXIS | BUSY);
    EXPECT_EQUAL(t.get(CR2) & START, 0);
    t.set(TXDR, 'a');
    EXPECT_EQUAL(t.get(ISR), TXE | TXIS | BUSY);        // in the shift register at once
    t.set(TXDR, 'b');
    EXPECT_EQUAL(t.get(ISR), BUSY);
    t.run_to(high + 2 * byte);
    EXPECT_EQUAL(t.get(ISR), TXE | BUSY);
    t.run_to(high + 3 * byte + bit - 1);
    EXPECT_EQUAL(t.get(ISR), TXE | BUSY);
    t.run_to(high + 3 * byte + bit);
    EXPECT_EQUAL(t.get(ISR), TXE | STOPF);
    EXPECT_EQUAL(t.target.written == "ab", true);
    EXPECT_EQUAL(t.target.stops, 1);
}

TEST(the_digital_filter_and_the_prescaler_count) {
    Pair t;
    t.set(CR1, 0);
    t.set(TIMINGR, 3u << presc_at | 1 << sclh_at | 4);
    t.set(CR1, PE | 5 << dnf_at);
    t.start(t.count(0) | AUTOEND);
    const Tick slow_high = (2 * 4 + 2 + 5) * at_16_mhz, slow_low = (5 * 4 + 2 + 5) * at_16_mhz;
    t.run_to(slow_high + 10 * (slow_high + slow_low) - 1);
    EXPECT_EQUAL(t.get(ISR) & STOPF, 0);
    t.run_to(slow_high + 10 * (slow_high + slow_low));
    EXPECT_EQUAL(t.get(ISR) & STOPF, STOPF);
}

TEST(a_byte_that_was_written_before_start_is_sent_first) {
    Pair t;
    t.set(TXDR, 'x');
    t.start(t.count(1) | AUTOEND);
    t.expect_stopped();
    EXPECT_EQUAL(t.target.written == "x", true);
}

TEST(without_autoend_tc_waits_for_a_repeated_start) {
    Pair t;
    t.start(t.count(1));
    EXPECT(t.wait_for(TXIS));
    t.set(TXDR, 0x28);
    EXPECT(t.wait_for(TC));
    t.run_for(10 * byte);
    EXPECT_EQUAL(t.get(ISR), TXE | TC | BUSY);
    t.start(t.count(3) | RD_WRN | AUTOEND);
    EXPECT_EQUAL(t.get(ISR) & TC, 0);
    for (uint32_t i = 0; i < 3; ++i) {
        EXPECT(t.wait_for(RXNE));
        EXPECT_EQUAL(t.get(RXDR), 0x10 + i);
    }
    t.expect_stopped();
    EXPECT_EQUAL(t.target.next, 0x13);
    EXPECT_EQUAL(t.target.starts, 2);
    EXPECT_EQUAL(t.target.stops, 1);
}

TEST(stop_by_software_at_tc) {
    Pair t;
    t.start(t.count(1) | RD_WRN);
    EXPECT(t.wait_for(TC));
    EXPECT_EQUAL(t.get(RXDR), 0x10);
    t.set(CR2, t.get(CR2) | STOP);
    t.expect_stopped();
    EXPECT_EQUAL(t.get(CR2) & STOP, 0);
}

TEST(scl_is_held_while_rxdr_is_unread) {
    Pair t;
    t.start(t.count(3) | RD_WRN | AUTOEND);
    t.run_for(50 * byte);
    EXPECT_EQUAL(t.target.next, 0x12);                  // one in RXDR, one in the shift register
    EXPECT_EQUAL(t.get(ISR), TXE | RXNE | BUSY);
    for (uint32_t i = 0; i < 3; ++i) {
        EXPECT(t.wait_for(RXNE));
        EXPECT_EQUAL(t.get(RXDR), 0x10 + i);
    }
    t.expect_stopped();
}

TEST(reload_goes_past_255_bytes) {
    Pair t;
    t.start(t.count(255) | RELOAD);
    for (int i = 0; i < 255; ++i) {
        EXPECT(t.wait_for(TXIS));
        t.set(TXDR, static_cast<uint32_t>(i));
    }
    EXPECT(t.wait_for(TCR));
    t.run_for(5 * byte);
    EXPECT_EQUAL(t.get(ISR), TXE | TCR | BUSY);
    t.set(CR2, t.count(2) | AUTOEND);
    EXPECT_EQUAL(t.get(ISR), TXE | TXIS | BUSY);
    t.set(TXDR, 1);
    EXPECT(t.wait_for(TXIS));
    t.set(TXDR, 2);
    t.expect_stopped();
    EXPECT_EQUAL(t.target.written.size(), 257);
}

TEST(nobody_answers_nackf_and_a_stop_by_itself) {
    Pair t;
    t.set(CR1, PE | NACKIE | STOPIE);
    t.start(t.count(1, 0x55) | AUTOEND);
    EXPECT(t.wait_for(NACKF));
    EXPECT(t.line("EventInterrupt"));
    EXPECT_EQUAL(t.get(CR2) & START, 0);
    t.set(ICR, NACKF);
    EXPECT(!t.line("EventInterrupt"));
    EXPECT(t.wait_for(STOPF));
    EXPECT(t.line("EventInterrupt"));
    EXPECT_EQUAL(t.get(ISR), TXE | STOPF);
}

TEST(a_refused_byte_ends_the_transfer) {
    Pair t;
    t.target.refuse_byte = 0;
    t.start(t.count(3));
    EXPECT(t.wait_for(TXIS));
    t.set(TXDR, 'a');
    t.set(TXDR, 'b');
    EXPECT(t.wait_for(NACKF));
    EXPECT(t.wait_for(STOPF));
    EXPECT_EQUAL(t.target.written.size(), 1);
    EXPECT_EQUAL(t.get(ISR), NACKF | STOPF);            // TXDR keeps its byte until it is flushed
    t.set(ISR, TXE);
    EXPECT_EQUAL(t.get(ISR), TXE | NACKF | STOPF);
}

TEST(ten_bit_reads_turn_by_themselves_or_with_head10r_behind_a_write) {
    Pair t;
    t.start(1 << nbytes_at | ADD10 | 0x2A5 | RD_WRN | AUTOEND);
    const Tick turn = low + 2 * high;
    t.run_to(high + 2 * byte + turn + byte + 8 * bit);
    EXPECT_EQUAL(t.get(ISR), TXE | RXNE | BUSY);
    EXPECT_EQUAL(t.get(RXDR), 0x10);
    t.expect_stopped();
    EXPECT_EQUAL(t.ten_bit_target.starts, 2);
    t.set(TXDR, 7);
    t.start(1 << nbytes_at | ADD10 | 0x2A5);
    EXPECT(t.wait_for(TC));
    t.start(1 << nbytes_at | ADD10 | HEAD10R | 0x2A5 | RD_WRN | AUTOEND);
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(RXDR), 0x11);
    t.expect_stopped();
    EXPECT_EQUAL(t.ten_bit_target.starts, 4);
    t.start(1 << nbytes_at | ADD10 | 0x1A5 | AUTOEND);
    EXPECT(t.wait_for(NACKF));
}

TEST(dma_requests_follow_txis_and_rxne) {
    Pair t;
    t.set(CR1, PE | TXDMAEN | RXDMAEN);
    EXPECT(!t.line("DmaTransmit"));
    t.start(t.count(1));
    EXPECT(t.wait_for(TXIS));
    EXPECT(t.line("DmaTransmit"));
    t.set(TXDR, 1);
    EXPECT(!t.line("DmaTransmit"));
    EXPECT(t.wait_for(TC));
    t.start(t.count(1) | RD_WRN | AUTOEND);
    EXPECT(t.wait_for(RXNE));
    EXPECT(t.line("DmaReceive"));
    t.get(RXDR);
    EXPECT(!t.line("DmaReceive"));
}

TEST(another_master_a_misplaced_start_and_scl_held_low_are_arlo_berr_and_timeout) {
    Pair t;
    t.set(CR1, PE | ERRIE);
    t.set(TIMEOUTR, TIMOUTEN | 1);
    t.start(t.count(2));
    EXPECT(t.wait_for(TXIS));
    (*t.i2c.input(1))(true);
    EXPECT_EQUAL(t.get(ISR), TXE | ARLO | BUSY);
    EXPECT(t.line("ErrorInterrupt"));
    t.set(ICR, ARLO);
    EXPECT(!t.line("ErrorInterrupt"));
    t.start(t.count(2));
    t.run_for(byte);
    EXPECT_EQUAL(t.get(ISR) & TXIS, 0);
    (*t.i2c.input(1))(false);
    EXPECT(t.wait_for(TXIS));
    (*t.i2c.input(2))(true);
    EXPECT_EQUAL(t.get(ISR), TXE | BERR);
    t.set(ICR, BERR);
    (*t.i2c.input(2))(false);
    t.start(t.count(2));
    EXPECT(t.wait_for(TXIS));
    const Tick begin = t.scheduler.now();               // SCL is low up to a microsecond longer
    (*t.i2c.input(3))(true);
    t.run_to(begin + 2 * 2048 * at_16_mhz - microsecond);
    EXPECT_EQUAL(t.get(ISR) & TIMEOUT, 0);
    t.run_to(begin + 2 * 2048 * at_16_mhz);
    EXPECT_EQUAL(t.get(ISR) & TIMEOUT, TIMEOUT);
}

TEST(pe_cleared_resets_flags_and_requests_and_keeps_settings) {
    Pair t;
    t.start(t.count(2));
    EXPECT(t.wait_for(TXIS));
    t.set(CR1, 0);
    EXPECT_EQUAL(t.get(ISR), TXE);
    EXPECT_EQUAL(t.get(CR2), t.count(2));
    EXPECT_EQUAL(t.get(TIMINGR), timing);
    EXPECT_EQUAL(t.target.stops, 1);
    EXPECT_EQUAL(t.slave_get(ISR), TXE);
}

TEST(too_fast_a_clock_and_a_late_timingr_are_findings) {
    Pair t;
    t.set(TIMINGR, 0);
    t.start(t.count(0) | AUTOEND);
    EXPECT_EQUAL(t.recorder.warnings.size(), 2);
}

int main(int count, char** names) { return run(count, names); }
