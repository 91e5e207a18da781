// SMBus of I2C v2 on the bench, two controllers on one wire: PEC both ways, its own addresses, alert, time-outs.
#include "stm32_i2c_v2_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

constexpr uint32_t to_slave = own_address << 1, from_slave = to_slave | 1;

struct Smbus : Pair {
    explicit Smbus(uint32_t mine = PECEN, uint32_t its = PECEN | SBC) {
        set(CR1, PE | mine);
        slave_set(CR1, PE | its);
    }
    void send(uint32_t byte) {
        EXPECT(wait_for(TXIS));
        set(TXDR, byte);
    }
    // ADDR with the slave's part in it, as ST's driver does in the interrupt.
    void answer(uint32_t control) {
        EXPECT(slave_wait_for(ADDR));
        slave_set(CR2, control);
        slave_set(ICR, ADDR);
    }
    uint32_t slave_take() {
        EXPECT(slave_wait_for(RXNE));
        return slave_get(RXDR);
    }
    uint32_t take() {
        EXPECT(wait_for(RXNE));
        return get(RXDR);
    }
};

}  // namespace

TEST(the_code_is_crc_8) { EXPECT_EQUAL(code_of({'1', '2', '3', '4', '5', '6', '7', '8', '9'}), 0xF4); }

TEST(a_write_ends_in_its_code_and_the_slave_accepts_it) {
    Smbus t;
    t.start(t.count(3, own_address) | PECBYTE | AUTOEND);
    t.answer(3u << nbytes_at | PECBYTE);
    t.send(0x11);
    t.send(0x22);
    EXPECT_EQUAL(t.slave_take(), 0x11);
    EXPECT_EQUAL(t.slave_take(), 0x22);
    EXPECT_EQUAL(t.get(ISR) & TXIS, 0);
    EXPECT_EQUAL(t.slave_take(), code_of({to_slave, 0x11, 0x22}));
    t.expect_stopped();
    EXPECT_EQUAL(t.slave_get(ISR) & (PECERR | STOPF), STOPF);
    EXPECT_EQUAL(t.get(CR2) & PECBYTE, 0);
    EXPECT_EQUAL(t.get(PECR), t.slave_get(PECR));
}

TEST(a_wrong_code_is_refused_and_sets_pecerr) {
    Smbus t(0);                                         // the master sends it as data
    t.slave_set(CR1, t.slave_get(CR1) | ERRIE);
    t.start(t.count(2, own_address));
    t.answer(2u << nbytes_at | PECBYTE);
    t.send(0x11);
    t.send(code_of({to_slave, 0x11}) ^ 1u);
    t.slave_take();
    EXPECT(t.slave_wait_for(PECERR));
    EXPECT(t.slave.output("ErrorInterrupt")->level());
    EXPECT(t.wait_for(NACKF));
    t.slave_set(ICR, PECERR);
    EXPECT(!t.slave.output("ErrorInterrupt")->level());
}

TEST(a_code_that_waits_for_rxdr_is_answered_by_what_it_is) {
    for (const uint32_t error : {0u, 1u}) {
        Smbus t(0);
        t.start(t.count(2, own_address));
        t.answer(2u << nbytes_at | PECBYTE);
        t.send(0x11);
        t.send(code_of({to_slave, 0x11}) ^ error);
        t.run_for(30 * byte);                           // RXDR is unread: SCL is held in front of the answer
        EXPECT_EQUAL(t.get(ISR) & (TC | NACKF), 0);
        EXPECT_EQUAL(t.slave_take(), 0x11);
        EXPECT(t.wait_for(error != 0 ? NACKF : TC));
    }
}

TEST(a_read_behind_a_write_has_one_code_for_both) {
    Smbus t;
    t.start(t.count(1, own_address));
    t.answer(1u << nbytes_at);
    t.send(0x07);
    EXPECT_EQUAL(t.slave_take(), 0x07);
    EXPECT(t.wait_for(TC));
    t.start(t.count(3, own_address) | RD_WRN | PECBYTE | AUTOEND);
    t.answer(3u << nbytes_at | PECBYTE);
    for (const uint32_t each : {0xA1u, 0xA2u}) {
        EXPECT(t.slave_wait_for(TXIS));
        t.slave_set(TXDR, each);
    }
    EXPECT_EQUAL(t.take(), 0xA1);
    EXPECT_EQUAL(t.take(), 0xA2);
    EXPECT_EQUAL(t.slave_get(ISR) & TXIS, 0);
    EXPECT_EQUAL(t.take(), code_of({to_slave, 0x07, from_slave, 0xA1, 0xA2}));
    EXPECT_EQUAL(t.slave_get(ISR) & TXIS, 0);
    t.expect_stopped();
    EXPECT_EQUAL(t.slave_get(ISR) & NACKF, NACKF);
}

TEST(a_master_finds_a_wrong_code) {
    Smbus t(PECEN, 0);                                  // the slave sends it as data
    t.start(t.count(2, own_address) | RD_WRN | PECBYTE | AUTOEND);
    t.answer(0);
    for (const uint32_t each : {0xA1u, 0x00u}) {
        EXPECT(t.slave_wait_for(TXIS));
        t.slave_set(TXDR, each);
    }
    t.take();
    t.take();
    EXPECT(t.wait_for(STOPF));
    EXPECT_EQUAL(t.get(ISR) & PECERR, PECERR);
}

TEST(reload_takes_pecbyte_its_effect) {
    Smbus t;
    t.start(t.count(1, own_address) | RELOAD | PECBYTE);
    t.answer(1u << nbytes_at | RELOAD);
    t.send(0x11);
    EXPECT_EQUAL(t.slave_take(), 0x11);
    EXPECT(t.slave_wait_for(TCR));
    t.slave_set(CR2, 1u << nbytes_at | PECBYTE);
    EXPECT(t.wait_for(TCR));
    t.set(CR2, t.count(1, own_address) | PECBYTE | AUTOEND);
    EXPECT_EQUAL(t.slave_take(), code_of({to_slave, 0x11}));
    t.expect_stopped();
    EXPECT_EQUAL(t.slave_get(ISR) & PECERR, 0);
}

TEST(pecr_is_cleared_with_pe_and_pecen) {
    for (const uint32_t control : {uint32_t{PECEN}, uint32_t{PE}}) {
        Smbus t;
        t.start(t.count(0) | AUTOEND);
        t.expect_stopped();
        EXPECT_EQUAL(t.get(PECR), code_of({address << 1}));
        t.set(CR1, control);
        EXPECT_EQUAL(t.get(PECR), 0);
    }
}

TEST(host_device_and_alert_addresses_are_answered_when_enabled) {
    constexpr std::pair<uint32_t, uint32_t> cases[] = {
        {SMBHEN, smbus::host_address}, {SMBDEN, smbus::device_default_address}, {ALERTEN, smbus::alert_response_address}};
    for (const auto& [enable, to] : cases) {
        Smbus t(0, 0);
        t.start(t.count(0, to) | AUTOEND);
        EXPECT(t.wait_for(NACKF));
        EXPECT(t.wait_for(STOPF));
        t.set(ICR, STOPF | NACKF);
        t.slave_set(CR1, PE | enable);
        t.start(t.count(0, to) | AUTOEND);
        EXPECT(t.slave_wait_for(ADDR));
        EXPECT_EQUAL(t.slave_get(ISR) >> addcode_at, to);
    }
    Smbus t(0, SMBHEN | ALERTEN);                       // a host does not answer alerts
    t.start(t.count(0, smbus::alert_response_address) | AUTOEND);
    EXPECT(t.wait_for(NACKF));
}

TEST(an_alert_reaches_the_host_through_smba) {
    Smbus t(SMBHEN | ALERTEN | ERRIE, 0);
    t.slave.output("Smba")->connect(*t.i2c.input(4));
    EXPECT(t.line("Smba"));
    EXPECT_EQUAL(t.get(ISR) & ALERT, 0);
    t.slave_set(CR1, PE | ALERTEN);
    EXPECT_EQUAL(t.get(ISR) & ALERT, ALERT);
    EXPECT(t.line("ErrorInterrupt"));
    t.set(ICR, ALERT);
    EXPECT_EQUAL(t.get(ISR) & ALERT, 0);
    t.slave_set(CR1, PE);
    EXPECT(t.slave.output("Smba")->level());
    t.slave_set(CR1, PE | ALERTEN);
    EXPECT_EQUAL(t.get(ISR) & ALERT, ALERT);
    t.slave_set(CR1, 0);
    EXPECT(t.slave.output("Smba")->level());
}

TEST(an_idle_bus_is_told_once) {
    Smbus t(ERRIE);
    const Tick limit = (99 + 1) * 4 * at_16_mhz;
    t.set(TIMEOUTR, TIMOUTEN | TIDLE | 99);
    t.run_for(limit - 1);
    EXPECT_EQUAL(t.get(ISR), TXE);
    t.run_for(1);
    EXPECT_EQUAL(t.get(ISR), TXE | TIMEOUT);
    EXPECT(t.line("ErrorInterrupt"));
    t.set(ICR, TIMEOUT);
    t.run_for(3 * limit);
    EXPECT_EQUAL(t.get(ISR), TXE);
    (*t.i2c.input(1))(true);
    t.run_for(2 * limit);
    EXPECT_EQUAL(t.get(ISR) & TIMEOUT, 0);
    (*t.i2c.input(1))(false);
    t.run_for(limit);
    EXPECT_EQUAL(t.get(ISR) & TIMEOUT, TIMEOUT);
}

TEST(a_master_that_holds_scl_too_long_within_a_byte_times_out) {
    Smbus t(0);
    const Tick limit = 2 * 2048 * at_16_mhz;
    t.set(TIMEOUTR, TEXTEN | 1u << timeoutb_at);
    t.start(t.count(3));
    for (int i = 0; i < 2; ++i) {
        EXPECT(t.wait_for(TXIS));
        t.run_for(limit * 3 / 4);                       // each in another byte
        t.set(TXDR, 1);
    }
    EXPECT(t.wait_for(TXIS));
    EXPECT_EQUAL(t.get(ISR) & TIMEOUT, 0);
    t.run_for(byte + limit);
    EXPECT_EQUAL(t.get(ISR) & TIMEOUT, TIMEOUT);
    EXPECT(t.wait_for(STOPF));
}

TEST(a_slave_that_holds_scl_too_long_in_a_message_times_out) {
    Smbus t(0, 0);
    const Tick limit = 2 * 2048 * at_16_mhz;
    t.slave_set(TIMEOUTR, TEXTEN | 1u << timeoutb_at);
    t.start(t.count(3, own_address) | RD_WRN | AUTOEND);
    EXPECT(t.slave_wait_for(ADDR));
    t.run_for(limit * 3 / 4);
    t.slave_set(ICR, ADDR);
    t.slave_set(TXDR, 1);
    EXPECT_EQUAL(t.take(), 1);
    EXPECT_EQUAL(t.slave_get(ISR) & TIMEOUT, 0);
    t.run_for(limit / 2);
    EXPECT_EQUAL(t.slave_get(ISR) & TIMEOUT, TIMEOUT);
    for (int i = 0; i < 2; ++i) EXPECT_EQUAL(t.take(), 0xFF);      // nobody is there any more
    t.expect_stopped();
}

int main(int count, char** names) { return run(count, names); }
