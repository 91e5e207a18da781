// I2C v1 of the STM32F4 on the bench: the reception sequences of RM0090 27.3.3, repeated START, 10-bit, LAST.
#include "stm32_i2c_bench.h"

using namespace bench;
using namespace bench::stm32;

TEST(one_byte_with_ack_cleared_before_addr) {
    I2c t;
    t.add(ACK);
    t.send_address(true);
    t.drop(ACK);
    t.clear_addr();
    t.add(STOP);
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(DR), 0x10);
    t.wait_idle();
    EXPECT_EQUAL(t.target.next, 0x11);
}

TEST(one_byte_with_stop_before_addr_is_cleared) {
    I2c t;
    t.send_address(true);
    t.add(STOP);
    t.clear_addr();
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(DR), 0x10);
    t.wait_idle();
}

TEST(two_bytes_with_pos) {
    for (const bool ack_first : {true, false}) {        // the manual's order, and that of libraries
        I2c t;
        t.add(ACK | POS);
        t.send_address(true);
        if (ack_first) t.drop(ACK);
        t.clear_addr();
        if (!ack_first) t.drop(ACK);
        EXPECT(t.wait_for(BTF));
        t.run_for(3 * byte);
        EXPECT_EQUAL(t.target.next, 0x12);
        t.add(STOP);
        EXPECT_EQUAL(t.get(DR), 0x10);
        EXPECT_EQUAL(t.get(DR), 0x11);
        EXPECT_EQUAL(t.get(SR1), 0);
        t.wait_idle();
    }
}

TEST(three_bytes_by_btf_twice) {
    I2c t;
    t.add(ACK);
    t.send_address(true);
    t.clear_addr();
    EXPECT(t.wait_for(BTF));
    t.run_for(5 * byte);                                // SCL is held with both registers full
    EXPECT_EQUAL(t.target.next, 0x12);
    t.drop(ACK);
    EXPECT_EQUAL(t.get(DR), 0x10);
    EXPECT(t.wait_for(BTF));
    t.add(STOP);
    EXPECT_EQUAL(t.get(DR), 0x11);
    EXPECT_EQUAL(t.get(SR1) & RXNE, RXNE);
    EXPECT_EQUAL(t.get(DR), 0x12);
    t.wait_idle();
    EXPECT_EQUAL(t.target.next, 0x13);
}

TEST(many_bytes_by_rxne_with_ack_and_stop_at_the_last_but_one) {
    I2c t;
    t.add(ACK);
    t.send_address(true);
    t.clear_addr();
    const Tick begin = t.scheduler.now();
    for (uint32_t i = 0; i < 6; ++i) {
        EXPECT(t.wait_for(RXNE));
        EXPECT_EQUAL(t.get(DR), 0x10 + i);
        if (i == 4) {
            t.drop(ACK);
            t.add(STOP);
        }
    }
    EXPECT(t.scheduler.now() >= begin + 6 * byte);
    EXPECT(t.scheduler.now() < begin + 6 * byte + 2 * microsecond);
    t.wait_idle();
    EXPECT_EQUAL(t.target.next, 0x16);
    EXPECT_EQUAL(t.target.stops, 1);
}

TEST(a_repeated_start_after_the_register_number) {
    I2c t;
    t.add(ACK);
    t.send_address(false);
    t.clear_addr();
    t.set(DR, 0x28);
    const Tick begin = t.scheduler.now();
    t.add(START);
    t.run_to(begin + byte + 3 * half);
    EXPECT_EQUAL(t.get(SR1), SB);
    EXPECT_EQUAL(t.get(SR2), MSL | BUSY);
    t.set(DR, address << 1 | 1);
    EXPECT(t.wait_for(ADDR));
    t.drop(ACK);
    t.clear_addr();
    EXPECT(t.wait_for(RXNE));
    t.run_for(3 * byte);                                // after a NACK nothing moves until STOP
    t.add(STOP);
    t.wait_idle();
    EXPECT_EQUAL(t.get(DR), 0x10);
    EXPECT_EQUAL(t.target.starts, 2);
    EXPECT_EQUAL(t.target.stops, 1);
}

TEST(ten_bit_addresses_are_two_bytes_and_a_header_to_read) {
    I2c t;
    t.start();
    t.set(DR, 0xF0 | 2 << 1);
    EXPECT(t.wait_for(ADD10));
    t.set(DR, 0xA5);
    EXPECT(t.wait_for(ADDR));
    EXPECT_EQUAL(t.get(SR1), ADDR);
    t.clear_addr();
    t.start();
    t.set(DR, 0xF0 | 2 << 1 | 1);
    EXPECT(t.wait_for(ADDR));
    t.clear_addr();
    t.add(STOP);
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(DR), 0x10);
    t.wait_idle();
    EXPECT_EQUAL(t.ten_bit_target.starts, 2);
    EXPECT_EQUAL(t.ten_bit_target.stops, 1);
    t.start();
    t.set(DR, 0xF0 | 1 << 1);                           // other top bits: nobody
    EXPECT(t.wait_for(AF));
}

TEST(last_makes_a_nack_of_the_byte_behind_the_last_but_one) {
    I2c t;
    t.set(CR2, 16 | DMAEN | LAST);
    t.add(ACK);
    t.send_address(true);
    t.clear_addr();
    for (uint32_t i = 0; i < 3; ++i) {
        t.run_for(byte);
        EXPECT_EQUAL(t.get(DR), 0x10 + i);
        if (i == 1) (*t.i2c.input(0))(true);
    }
    t.run_for(5 * byte);
    EXPECT_EQUAL(t.target.next, 0x13);
    EXPECT_EQUAL(t.get(SR1), 0);
    t.add(STOP);
    t.wait_idle();
}

int main(int count, char** names) { return run(count, names); }
