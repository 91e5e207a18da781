// I2C v1 of the STM32F4 on the bench, as slave of another one: addresses, stretching, AF, STOPF, overrun, SMBus' time-out.
#include "stm32_i2c_bench.h"

using namespace bench;
using namespace bench::stm32;

TEST(a_receiver_holds_scl_until_addr_is_cleared) {
    Pair t;
    t.call(own_address, false);
    EXPECT_EQUAL(t.slave_get(SR1), ADDR);
    t.get(SR2);
    t.set(DR, 'a');
    t.run_for(10 * byte);
    EXPECT_EQUAL(t.slave_get(SR1), ADDR);
    const Tick begin = t.scheduler.now();
    EXPECT_EQUAL(t.slave_get(SR2), BUSY);
    t.run_to(begin + byte - 1);
    EXPECT_EQUAL(t.slave_get(SR1), 0);
    t.run_to(begin + byte);
    EXPECT_EQUAL(t.slave_get(SR1), RXNE);
}

TEST(bytes_arrive_and_stop_is_stopf) {
    Pair t;
    t.call(own_address, false);
    t.slave_clear_addr();
    t.get(SR2);
    t.set(DR, 'a');
    EXPECT(t.wait_for(TXE));
    t.set(DR, 'b');
    EXPECT(t.wait_for(TXE));
    t.set(DR, 'c');
    t.run_for(20 * byte);
    EXPECT_EQUAL(t.slave_get(SR1), RXNE | BTF);         // 'c' waits for both to be read
    EXPECT_EQUAL(t.slave_get(DR), 'a');
    EXPECT_EQUAL(t.slave_get(DR), 'b');
    EXPECT(t.slave_wait_for(RXNE));
    EXPECT_EQUAL(t.slave_get(DR), 'c');
    EXPECT(t.wait_for(BTF));
    t.add(STOP);
    EXPECT(t.slave_wait_for(STOPF));
    EXPECT_EQUAL(t.slave_get(SR2), 0);
    t.slave_set(CR1, t.slave_get(CR1));
    EXPECT_EQUAL(t.slave_get(SR1), 0);
}

TEST(a_master_without_a_clock_goes_on_when_it_has_one_again) {
    Pair c;
    c.call(own_address, false);
    c.clear_addr();
    c.set(DR, 'a');
    c.run_for(byte);
    c.rcc_set(APB1ENR, 2 << 21);
    c.slave_clear_addr();                           // SCL is free
    c.run_for(3 * byte);
    EXPECT_EQUAL(c.slave_get(SR1) & RXNE, 0);
    c.rcc_set(APB1ENR, 3 << 21);
    c.run_for(byte - microsecond);
    EXPECT_EQUAL(c.slave_get(SR1) & RXNE, 0);
    c.run_for(2 * microsecond);
    EXPECT_EQUAL(c.slave_get(SR1) & RXNE, RXNE);
    EXPECT_EQUAL(c.slave_get(DR), 'a');
}

TEST(a_sender_holds_scl_until_dr_is_written_and_ends_with_af) {
    Pair t;
    t.add(ACK);
    t.call(own_address, true);
    t.clear_addr();
    t.slave_clear_addr();
    EXPECT_EQUAL(t.slave_get(SR1), TXE);
    EXPECT_EQUAL(t.slave_get(SR2), BUSY | TRA);
    t.run_for(10 * byte);
    EXPECT_EQUAL(t.get(SR1), 0);
    t.slave_set(DR, 'p');
    EXPECT_EQUAL(t.slave_get(SR1), TXE);
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.slave_get(SR1), TXE | BTF);
    t.drop(ACK);
    t.add(STOP);
    EXPECT_EQUAL(t.get(DR), 'p');
    t.slave_set(DR, 'q');
    EXPECT(t.wait_for(RXNE));
    EXPECT_EQUAL(t.get(DR), 'q');
    EXPECT(t.slave_wait_for(AF));
    t.wait_idle();
    EXPECT_EQUAL(t.slave_get(SR1) & STOPF, 0);
    EXPECT_EQUAL(t.slave_get(SR2), 0);
}

TEST(a_second_address_a_general_call_and_ten_bits) {
    Pair t(PE | ACK | ENGC);
    t.slave_set(OAR2, ENDUAL | 0x44 << 1);
    for (const auto& [called, flag] : {std::pair{0x44u, uint32_t{DUALF}}, std::pair{0u, uint32_t{GENCALL}}}) {
        t.call(called, false);
        EXPECT_EQUAL(t.slave_get(SR1), ADDR);
        EXPECT_EQUAL(t.slave_get(SR2), BUSY | flag);
        t.get(SR2);
        t.add(STOP);
        EXPECT(t.slave_wait_for(STOPF));
        t.slave_set(CR1, t.slave_get(CR1));
    }
    t.call(0x45, false);
    EXPECT_EQUAL(t.get(SR1), AF);
    t.set(SR1, 0);
    t.add(STOP);
    t.wait_idle();
    t.slave_set(OAR1, ADDMODE | 0x4000 | 0x155);
    t.start();
    t.set(DR, 0xF0 | 1 << 1);
    EXPECT(t.wait_for(ADD10));
    t.set(DR, 0x55);
    EXPECT(t.slave_wait_for(ADDR));
}

TEST(without_ack_nobody_answers) {
    Pair t(PE);
    t.call(own_address, false);
    EXPECT_EQUAL(t.get(SR1), AF);
}

TEST(without_stretching_a_late_read_is_ovr) {
    Pair t(PE | ACK | NOSTRETCH);
    t.slave_set(CR2, 16 | ITERREN);
    t.call(own_address, false);
    t.get(SR2);
    t.set(DR, 'a');
    EXPECT(t.wait_for(TXE));
    t.set(DR, 'b');
    EXPECT(t.slave_wait_for(OVR));
    EXPECT(t.slave.output("ErrorInterrupt")->level());
    EXPECT_EQUAL(t.slave_get(DR), 'a');
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
}

TEST(smbus_gives_up_after_25_ms_of_scl_low) {
    Pair t;
    t.set(CR1, t.get(CR1) | SMBUS);
    t.call(own_address, false);
    t.run_for(24'990 * microsecond);
    EXPECT_EQUAL(t.get(SR1) & TIMEOUT, 0);
    t.run_for(20 * microsecond);
    EXPECT_EQUAL(t.get(SR1) & TIMEOUT, TIMEOUT);
    t.wait_idle();
}

TEST(a_bus_error_makes_a_slave_let_go) {
    Pair t;
    t.call(own_address, false);
    t.get(SR2);
    t.set(DR, 'a');
    (*t.slave.input(2))(true);
    EXPECT_EQUAL(t.slave_get(SR1), BERR);
    EXPECT(t.wait_for(BTF | AF));
}

int main(int count, char** names) { return run(count, names); }
