// SMBus of I2C v1 on the bench, two controllers on one wire: PEC both ways, ARP and alert addresses, SMBALERT, time-outs.
#include "stm32_i2c_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

constexpr uint32_t to_slave = own_address << 1, from_slave = to_slave | 1, on = PE | ACK;

struct Smbus : Pair {
    explicit Smbus(uint32_t mine = ENPEC, uint32_t its = ENPEC) : Pair(on | its) { set(CR1, on | mine); }
    void slave_add(uint32_t bits) { slave_set(CR1, slave_get(CR1) | bits); }
    void begin(bool is_read) {
        call(own_address, is_read);
        EXPECT(slave_wait_for(ADDR));
        slave_clear_addr();
        get(SR2);
    }
    void send(uint32_t byte) {
        EXPECT(wait_for(TXE));
        set(DR, byte);
    }
    uint32_t take() {
        EXPECT(wait_for(RXNE));
        return get(DR);
    }
    uint32_t slave_take() {
        EXPECT(slave_wait_for(RXNE));
        return slave_get(DR);
    }
    void slave_send(uint32_t byte) {
        EXPECT(slave_wait_for(TXE));
        slave_set(DR, byte);
    }
};

}  // namespace

TEST(pec_follows_the_last_byte_and_the_slave_accepts_it) {
    Smbus t;
    t.begin(false);
    t.send(0x11);
    t.send(0x22);
    EXPECT(t.wait_for(TXE));
    t.add(PEC);
    EXPECT_EQUAL(t.get(SR1) & TXE, 0);
    EXPECT_EQUAL(t.slave_take(), 0x11);
    EXPECT_EQUAL(t.slave_take(), 0x22);
    t.slave_add(PEC);
    EXPECT_EQUAL(t.slave_take(), code_of({to_slave, 0x11, 0x22}));
    EXPECT(t.wait_for(BTF));
    EXPECT_EQUAL(t.get(CR1) & PEC, 0);
    EXPECT_EQUAL(t.get(SR1) & AF, 0);
    EXPECT_EQUAL(t.get(SR2) >> pec_at, code_of({to_slave, 0x11, 0x22}));
    t.add(STOP);
    EXPECT(t.slave_wait_for(STOPF));
    EXPECT_EQUAL(t.slave_get(SR1) & PECERR, 0);
}

TEST(pec_and_stop_set_together_both_go) {
    Smbus t;
    t.begin(false);
    t.send(0x11);
    EXPECT(t.wait_for(TXE));
    t.add(PEC | STOP);
    EXPECT_EQUAL(t.slave_take(), 0x11);
    t.slave_add(PEC);
    EXPECT_EQUAL(t.slave_take(), code_of({to_slave, 0x11}));
    EXPECT(t.slave_wait_for(STOPF));
}

TEST(a_wrong_code_is_refused_and_sets_pecerr) {
    Smbus t(0);
    t.slave_set(CR2, 16 | ITERREN);
    t.begin(false);
    t.send(0x11);
    t.send(code_of({to_slave, 0x11}) ^ 1u);
    EXPECT_EQUAL(t.slave_take(), 0x11);
    t.slave_add(PEC);
    EXPECT(t.slave_wait_for(PECERR));
    EXPECT(t.slave.output("ErrorInterrupt")->level());
    EXPECT(t.wait_for(AF));
    t.slave_set(SR1, ~uint32_t{PECERR});
    EXPECT(!t.slave.output("ErrorInterrupt")->level());
}

TEST(a_read_behind_a_write_has_one_code_for_both) {
    for (const bool is_sent_by_hand : {false, true}) {
        Smbus t(ENPEC, is_sent_by_hand ? 0u : uint32_t{ENPEC});
        const uint8_t code = code_of({to_slave, 0x07, from_slave, 0xA1});
        t.begin(false);
        t.send(0x07);
        EXPECT_EQUAL(t.slave_take(), 0x07);
        EXPECT(t.wait_for(BTF));
        t.begin(true);
        t.slave_send(0xA1);
        if (is_sent_by_hand) t.slave_send(code ^ 0x80u);
        else t.slave_add(PEC);
        EXPECT_EQUAL(t.take(), 0xA1);
        t.drop(ACK);
        t.add(PEC | STOP);
        EXPECT_EQUAL(t.take(), is_sent_by_hand ? code ^ 0x80u : code);
        EXPECT_EQUAL(t.get(SR1) & PECERR, is_sent_by_hand ? uint32_t{PECERR} : 0u);
        EXPECT(t.slave_wait_for(AF));
    }
}

TEST(the_dmas_last_item_sends_and_checks_the_code) {
    Smbus t;
    t.set(CR2, 16 | DMAEN | LAST);
    t.begin(false);
    t.send(0x11);
    (*t.i2c.input(0))(true);
    (*t.i2c.input(0))(false);
    EXPECT(t.wait_for(TXE));
    t.set(DR, 0x22);
    t.slave_take();
    t.slave_take();
    t.slave_add(PEC);
    EXPECT_EQUAL(t.slave_take(), code_of({to_slave, 0x11, 0x22}));
    EXPECT(t.wait_for(BTF));
    t.add(STOP);
    EXPECT(t.slave_wait_for(STOPF));
    t.slave_set(CR1, on | ENPEC);
    t.begin(true);
    t.slave_send(0xA1);
    EXPECT_EQUAL(t.take(), 0xA1);
    (*t.i2c.input(0))(true);
    t.slave_add(PEC);
    EXPECT_EQUAL(t.take(), code_of({from_slave, 0xA1}));
    EXPECT(t.slave_wait_for(AF));
    EXPECT_EQUAL(t.get(SR1) & PECERR, 0);
}

TEST(arp_and_alert_addresses_are_answered_when_enabled) {
    struct Case {
        uint32_t enable, to, status2, status1;
    };
    constexpr Case cases[] = {
        {SMBUS | ENARP, smbus::device_default_address, SMBDEFAULT, 0},
        {SMBUS | ENARP | SMBTYPE, smbus::host_address, SMBHOST, 0},
        {SMBUS | ALERT, smbus::alert_response_address, 0, SMBALERT},
    };
    for (const Case& each : cases) {
        Smbus t(0, 0);
        t.call(each.to, false);
        EXPECT_EQUAL(t.get(SR1) & AF, AF);
        t.set(SR1, ~uint32_t{AF});
        t.add(STOP);
        t.wait_idle();
        t.slave_set(CR1, on | each.enable);
        t.call(each.to, false);
        EXPECT_EQUAL(t.get(SR1) & ADDR, ADDR);
        EXPECT_EQUAL(t.slave_get(SR1), ADDR | each.status1);
        EXPECT_EQUAL(t.slave_get(SR2), BUSY | each.status2);
    }
}

TEST(an_alert_reaches_the_host_through_smba) {
    Smbus t(SMBUS | SMBTYPE, SMBUS);
    t.set(CR2, 16 | ITERREN);
    t.slave.output("Smba")->connect(*t.i2c.input(4));
    EXPECT_EQUAL(t.get(SR1), 0);
    t.slave_add(ALERT);
    EXPECT_EQUAL(t.get(SR1), SMBALERT);
    EXPECT(t.line("ErrorInterrupt"));
    t.set(SR1, ~uint32_t{SMBALERT});
    EXPECT_EQUAL(t.get(SR1), 0);
    t.slave_set(CR1, on | SMBUS);
    EXPECT(t.slave.output("Smba")->level());
    t.slave_set(CR1, on | ALERT);                       // without SMBUS there is none
    EXPECT(t.slave.output("Smba")->level());
}

TEST(ten_milliseconds_of_holding_scl_as_master_time_out) {
    Smbus t(SMBUS, 0);
    t.begin(false);
    t.send(1);
    t.slave_take();
    EXPECT(t.wait_for(BTF));
    const Tick begin = t.scheduler.now();
    t.run_to(begin + 10'000 * microsecond - microsecond);
    EXPECT_EQUAL(t.get(SR1) & TIMEOUT, 0);
    t.run_to(begin + 10'000 * microsecond);
    EXPECT_EQUAL(t.get(SR1) & TIMEOUT, TIMEOUT);
    EXPECT(t.slave_wait_for(STOPF));
}

int main(int count, char** names) { return run(count, names); }
