// I2C v2 of the STM32L4 on the bench, as slave of another one: addresses, stretching, NACK, SBC, overrun.
#include "stm32_i2c_v2_bench.h"

using namespace bench;
using namespace bench::stm32;

TEST(a_call_sets_addr_and_holds_scl_until_it_is_cleared) {
    Pair t;
    t.start(t.count(2, own_address));
    EXPECT(t.slave_wait_for(ADDR));
    EXPECT_EQUAL(t.slave_get(ISR), TXE | ADDR | BUSY | own_address << addcode_at);
    t.set(TXDR, 'a');
    t.run_for(20 * byte);
    EXPECT_EQUAL(t.slave_get(ISR) & RXNE, 0);
    const Tick begin = t.scheduler.now();
    t.slave_set(ICR, ADDR);
    t.run_to(begin + byte - 1);
    EXPECT_EQUAL(t.slave_get(ISR) & RXNE, 0);
    t.run_to(begin + byte);
    EXPECT_EQUAL(t.slave_get(ISR) & RXNE, RXNE);
    EXPECT_EQUAL(t.slave_get(RXDR), 'a');
    t.set(TXDR, 'b');
    EXPECT(t.slave_wait_for(RXNE));
    EXPECT_EQUAL(t.slave_get(RXDR), 'b');
    EXPECT(t.wait_for(TC));
    t.set(CR2, t.get(CR2) | STOP);
    EXPECT(t.slave_wait_for(STOPF));
    EXPECT_EQUAL(t.slave_get(ISR) & BUSY, 0);
}

TEST(a_full_slave_holds_scl_until_rxdr_is_read) {
    Pair t;
    t.start(t.count(3, own_address) | AUTOEND);
    EXPECT(t.slave_wait_for(ADDR));
    t.slave_set(ICR, ADDR);
    for (uint32_t i = 0; i < 3; ++i) {
        if (!t.wait_for(TXIS)) break;
        t.set(TXDR, 'a' + i);
    }
    t.run_for(20 * byte);
    EXPECT_EQUAL(t.get(ISR), BUSY);                     // 'c' waits in TXDR
    for (uint32_t i = 0; i < 3; ++i) {
        EXPECT(t.slave_wait_for(RXNE));
        EXPECT_EQUAL(t.slave_get(RXDR), 'a' + i);
    }
    t.expect_stopped();
}

TEST(a_slave_sends_what_txdr_gets_and_sees_the_nack) {
    Pair t;
    t.start(t.count(2, own_address) | RD_WRN | AUTOEND);
    EXPECT(t.slave_wait_for(ADDR));
    EXPECT_EQUAL(t.slave_get(ISR) & (DIR | TXIS), DIR);
    t.slave_set(ICR, ADDR);
    EXPECT_EQUAL(t.slave_get(ISR) & TXIS, TXIS);
    t.run_for(5 * byte);
    EXPECT_EQUAL(t.get(ISR) & RXNE, 0);
    t.slave_set(TXDR, 'p');
    EXPECT(t.slave_wait_for(TXIS));
    t.slave_set(TXDR, 'q');
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(RXDR), 'p');
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(RXDR), 'q');
    EXPECT(t.slave_wait_for(STOPF));
    EXPECT_EQUAL(t.slave_get(ISR), TXE | NACKF | STOPF | DIR | own_address << addcode_at);
}

TEST(nack_is_given_once_and_ends_the_transfer) {
    Pair t;
    t.start(t.count(2, own_address));
    EXPECT(t.slave_wait_for(ADDR));
    t.slave_set(ICR, ADDR);
    t.slave_set(CR2, NACK);
    t.set(TXDR, 'a');
    EXPECT(t.wait_for(NACKF));
    EXPECT_EQUAL(t.slave_get(RXDR), 'a');
    EXPECT(t.slave_wait_for(STOPF));
    EXPECT_EQUAL(t.slave_get(CR2) & NACK, 0);
}

TEST(slave_byte_control_answers_each_byte_by_software) {
    Pair t;
    t.slave_set(CR1, PE | SBC);
    t.slave_set(CR2, RELOAD | 1 << nbytes_at);
    t.start(t.count(3, own_address));
    EXPECT(t.slave_wait_for(ADDR));
    t.slave_set(ICR, ADDR);
    t.set(TXDR, 'a');
    EXPECT(t.slave_wait_for(TCR));
    EXPECT_EQUAL(t.slave_get(RXDR), 'a');
    t.run_for(5 * byte);
    EXPECT_EQUAL(t.get(ISR) & NACKF, 0);
    t.slave_set(CR2, RELOAD | 1 << nbytes_at);
    EXPECT(t.wait_for(TXIS));
    t.set(TXDR, 'b');
    EXPECT(t.slave_wait_for(TCR));
    EXPECT_EQUAL(t.slave_get(RXDR), 'b');
    t.slave_set(CR2, NACK | RELOAD | 1 << nbytes_at);
    EXPECT(t.wait_for(NACKF));
    EXPECT(t.slave_wait_for(STOPF));
}

TEST(without_stretching_a_late_read_is_ovr_and_a_nack) {
    Pair t;
    t.slave_set(CR1, 0);
    t.slave_set(CR1, PE | NOSTRETCH | ERRIE);
    t.start(t.count(2, own_address));
    for (const uint32_t byte_out : {'a', 'b'}) {
        EXPECT(t.wait_for(TXIS));
        t.set(TXDR, byte_out);
    }
    EXPECT(t.wait_for(NACKF));
    EXPECT_EQUAL(t.slave_get(ISR) & OVR, OVR);
    EXPECT(t.slave.output("ErrorInterrupt")->level());
    EXPECT_EQUAL(t.slave_get(RXDR), 'a');
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
}

TEST(without_stretching_a_late_byte_is_ovr_and_ones) {
    Pair t;
    t.slave_set(CR1, PE | NOSTRETCH);
    t.slave_set(TXDR, 'a');
    t.start(t.count(2, own_address) | RD_WRN | AUTOEND);
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(RXDR), 'a');
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(RXDR), 0xFF);
    EXPECT_EQUAL(t.slave_get(ISR) & OVR, OVR);
}

TEST(a_second_address_with_a_mask_a_general_call_and_ten_bits) {
    Pair t;
    t.slave_set(OAR2, OAEN | 0x40 << 1 | 2 << oa2msk_at);
    t.slave_set(CR1, PE | GCEN);
    for (const uint32_t called : {0x43u, 0x00u}) {
        t.start(t.count(0, called) | AUTOEND);
        EXPECT(t.slave_wait_for(ADDR));
        EXPECT_EQUAL(t.slave_get(ISR) & ADDCODE, called << addcode_at);
        t.slave_set(ICR, ADDR);
        EXPECT(t.slave_wait_for(STOPF));
        t.slave_set(ICR, STOPF);
        t.set(ICR, STOPF);
    }
    t.start(t.count(0, 0x44) | AUTOEND);
    EXPECT(t.wait_for(NACKF));
    EXPECT(t.wait_for(STOPF));
    t.set(ICR, STOPF | NACKF);
    t.slave_set(OAR1, 0);
    t.slave_set(OAR1, OAEN | OA1MODE | 0x155);
    t.start(1 << nbytes_at | ADD10 | 0x155 | RD_WRN | AUTOEND);
    EXPECT(t.slave_wait_for(ADDR));
    EXPECT_EQUAL(t.slave_get(ISR) & (ADDCODE | DIR), 0x79u << addcode_at);
    t.slave_set(ICR, ADDR);
    EXPECT(t.slave_wait_for(ADDR));
    EXPECT_EQUAL(t.slave_get(ISR) & DIR, DIR);
    t.slave_set(ICR, ADDR);
    t.slave_set(TXDR, 'z');
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(RXDR), 'z');
    t.expect_stopped();
}

TEST(a_second_master_waits_for_the_first_ones_stop) {
    Pair t;
    t.slave_set(CR1, 0);
    t.slave_set(TIMINGR, timing);
    t.slave_set(CR1, PE);
    t.start(t.count(1));
    t.run_for(bit);
    t.slave_set(CR2, t.count(1) | START | AUTOEND);
    t.run_for(20 * byte);
    EXPECT_EQUAL(t.slave_get(ISR), TXE | BUSY);
    t.set(TXDR, 'a');
    EXPECT(t.wait_for(TC));
    t.set(CR2, t.get(CR2) | STOP);
    EXPECT(t.slave_wait_for(TXIS));
    EXPECT_EQUAL(t.get(ISR) & BUSY, BUSY);
    t.slave_set(TXDR, 'b');
    EXPECT(t.slave_wait_for(STOPF));
    EXPECT_EQUAL(t.target.written == "ab", true);
}

TEST(a_slave_that_stretches_too_long_is_timeout_on_both_sides) {
    Pair t;
    t.set(TIMEOUTR, TIMOUTEN | 3);
    t.slave_set(TIMEOUTR, TIMOUTEN | 3);
    t.start(t.count(1, own_address) | AUTOEND);
    EXPECT(t.slave_wait_for(ADDR));
    EXPECT(t.wait_for(TIMEOUT));
    EXPECT_EQUAL(t.slave_get(ISR) & TIMEOUT, TIMEOUT);
    EXPECT(t.wait_for(STOPF));
}

int main(int count, char** names) { return run(count, names); }
