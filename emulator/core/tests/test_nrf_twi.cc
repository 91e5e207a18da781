// TWIM and TWI on the bench with a target that keeps what it is told. Times in half SCL periods.
#include "device_bench.h"
#include "soc/nrf/twi.h"

using namespace bench;

namespace {

enum : uint32_t {
    STARTRX = 0x000,
    STARTTX = 0x008,
    SPIM_START = 0x010,
    STOP = 0x014,
    SUSPEND = 0x01C,
    RESUME = 0x020,
    STOPPED = 0x104,
    RXDREADY = 0x108,
    TXDSENT = 0x11C,
    ERROR = 0x124,
    SUSPENDED = 0x148,
    RXSTARTED = 0x14C,
    TXSTARTED = 0x150,
    LASTRX = 0x15C,
    LASTTX = 0x160,
    SHORTS = 0x200,
    ERRORSRC = 0x4C4,
    ENABLE = 0x500,
    PSEL_SCL = 0x508,
    PSEL_SDA = 0x50C,
    RXD = 0x518,
    TXD = 0x51C,
    FREQUENCY = 0x524,
    RXD_PTR = 0x534,
    RXD_MAXCNT = 0x538,
    RXD_AMOUNT = 0x53C,
    RXD_LIST = 0x540,
    TXD_PTR = 0x544,
    TXD_MAXCNT = 0x548,
    TXD_AMOUNT = 0x54C,
    ADDRESS = 0x588
};
constexpr uint32_t bb_suspend = 1 << 0, bb_stop = 1 << 1, lasttx_startrx = 1 << 7,
                   lasttx_suspend = 1 << 8, lasttx_stop = 1 << 9, lastrx_stop = 1 << 12;
constexpr Tick half = 40 * cycle_16_mhz_ticks / 2, half_of_legacy = 39 * cycle_16_mhz_ticks / 2,
               byte = 18;
constexpr uint8_t address = 0x19;

struct Target : tinysim::I2cTarget {
    std::string written;
    int starts = 0, stops = 0, refuse_byte = -1;
    uint8_t next = 0x10;
    bool start(bool) override { return ++starts, true; }
    bool write(uint8_t value) override {
        written.push_back(static_cast<char>(value));
        return static_cast<int>(written.size()) - 1 != refuse_byte;
    }
    uint8_t read() override { return next++; }
    void stop() override { ++stops; }
};

struct Twi : Bench {
    Twi(uint32_t enable, uint32_t frequency) {
        twi.i2c()->attach(address, target);
        set(PSEL_SCL, 26);
        set(PSEL_SDA, 27);
        set(FREQUENCY, frequency);
        set(ADDRESS, address);
        set(ENABLE, enable);
    }
    tinysim::nrf::NrfTwi twi{construction("twi0", 0x40003000)};
    Target target;

    uint32_t get(uint32_t offset) { return twi.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { twi.write(offset, value, 4); }
    void buffers(uint32_t tx_count, uint32_t rx_count) {
        set(TXD_PTR, ram_base);
        set(TXD_MAXCNT, tx_count);
        set(RXD_PTR, ram_base + 16);
        set(RXD_MAXCNT, rx_count);
    }
};
struct Twim : Twi {
    Twim() : Twi(6, 0x06400000) {}
};
struct LegacyTwi : Twi {
    LegacyTwi() : Twi(5, 0x06680000) {}
};

}  // namespace

TEST(a_register_read_takes_the_time_of_its_clocks) {
    Twim t;
    t.buffers(1, 6);
    t.set(SHORTS, lasttx_startrx | lastrx_stop);
    t.set(STARTTX, 1);
    EXPECT_EQUAL(t.get(TXSTARTED), 1);
    const Tick sent = (1 + 2 * byte) * half, answered = sent + (2 + byte) * half;
    t.run_to(sent - 1);
    EXPECT_EQUAL(t.get(LASTTX), 1);
    EXPECT_EQUAL(t.get(RXSTARTED), 0);
    t.run_to(sent);
    EXPECT_EQUAL(t.get(RXSTARTED), 1);
    t.run_to(answered + 6 * byte * half);
    EXPECT_EQUAL(t.get(STOPPED), 0);
    t.run_for(half);
    EXPECT_EQUAL(t.get(STOPPED), 1);
    EXPECT_EQUAL(t.get(RXD_AMOUNT), 6);
    EXPECT_EQUAL(t.get(TXD_AMOUNT), 1);
    EXPECT_EQUAL(t.target.starts, 2);
    EXPECT_EQUAL(t.target.stops, 1);
    EXPECT_EQUAL(t.recorder.transfers.size(), 2);
}

TEST(a_received_byte_reaches_ram_when_the_wire_delivers_it) {
    Twim t;
    t.buffers(0, 2);
    t.set(SHORTS, lastrx_stop);
    t.set(STARTRX, 1);
    t.run_to((1 + byte) * half + byte * half - 1);
    EXPECT_EQUAL(t.ram.bytes[16], 0);
    EXPECT_EQUAL(t.get(LASTRX), 0);
    t.run_for(1);
    EXPECT_EQUAL(t.ram.bytes[16], 0x10);
    EXPECT_EQUAL(t.get(LASTRX), 1);
    EXPECT_EQUAL(t.ram.bytes[17], 0);
}

TEST(an_address_that_nobody_answers_is_anack_and_waits_for_stop) {
    Twim t;
    t.buffers(1, 0);
    t.set(ADDRESS, 0x33);
    t.set(SHORTS, lasttx_stop);
    t.set(STARTTX, 1);
    t.run_to(500 * half);
    EXPECT_EQUAL(t.get(ERROR), 1);
    EXPECT_EQUAL(t.get(ERRORSRC), 2);
    EXPECT_EQUAL(t.get(STOPPED), 0);
    EXPECT_EQUAL(t.get(TXD_AMOUNT), 0);
    t.set(ERRORSRC, 2);
    EXPECT_EQUAL(t.get(ERRORSRC), 0);
    t.set(STOP, 1);
    t.run_for(half);
    EXPECT_EQUAL(t.get(STOPPED), 1);
}

TEST(a_refused_data_byte_is_dnack_and_counts_in_amount) {
    Twim t;
    t.buffers(4, 0);
    t.target.refuse_byte = 1;
    t.set(STARTTX, 1);
    t.run_to(500 * half);
    EXPECT_EQUAL(t.get(ERRORSRC), 4);
    EXPECT_EQUAL(t.get(TXD_AMOUNT), 2);
    EXPECT_EQUAL(t.target.written.size(), 2);
}

TEST(suspend_after_the_last_byte_holds_the_bus_until_resume) {
    Twim t;
    t.buffers(2, 0);
    t.set(SHORTS, lasttx_suspend);
    t.set(STARTTX, 1);
    t.run_to(500 * half);
    EXPECT_EQUAL(t.get(SUSPENDED), 1);
    EXPECT_EQUAL(t.get(TXD_AMOUNT), 2);
    EXPECT_EQUAL(t.target.stops, 0);
    t.set(SHORTS, lasttx_stop);
    t.set(STARTTX, 1);
    t.set(RESUME, 1);
    t.run_for(500 * half);
    EXPECT_EQUAL(t.get(STOPPED), 1);
    EXPECT_EQUAL(t.target.written.size(), 4);
    EXPECT_EQUAL(t.target.starts, 2);
}

TEST(stop_in_the_middle_lets_the_byte_finish) {
    Twim t;
    t.buffers(4, 0);
    t.set(STARTTX, 1);
    t.run_to((1 + byte + 3) * half);
    t.set(STOP, 1);
    t.run_to((1 + 2 * byte + 1) * half);
    EXPECT_EQUAL(t.get(STOPPED), 1);
    EXPECT_EQUAL(t.target.written.size(), 1);
    EXPECT_EQUAL(t.get(TXD_AMOUNT), 1);
}

TEST(an_array_list_moves_the_pointer_on) {
    Twim t;
    t.buffers(0, 2);
    t.set(RXD_LIST, 1);
    t.set(SHORTS, lastrx_stop);
    for (int i = 0; i < 2; ++i) {
        t.set(STARTRX, 1);
        t.run_for(500 * half);
    }
    EXPECT_EQUAL(t.get(RXD_PTR), ram_base + 20);
    EXPECT_EQUAL(t.ram.bytes[19], 0x13);
}

TEST(a_buffer_outside_ram_moves_nothing_and_is_counted) {
    Twim t;
    t.buffers(0, 2);
    t.set(RXD_PTR, 0x1000);
    t.set(STARTRX, 1);
    t.run_to(500 * half);
    EXPECT_EQUAL(t.counter("twi0.dma_errors"), 1);
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
    EXPECT_EQUAL(t.target.next, 0x10);
    t.set(STOP, 1);
    t.run_for(half);
    EXPECT_EQUAL(t.get(STOPPED), 1);
    EXPECT_EQUAL(t.get(RXD_AMOUNT), 0);
}

TEST(without_pins_nobody_answers) {
    Twim t;
    t.set(PSEL_SDA, 0xFFFFFFFF);
    t.set(STARTTX, 1);
    t.run_to(500 * half);
    EXPECT_EQUAL(t.get(ERRORSRC), 2);
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
}

TEST(the_other_blocks_of_the_slot_are_gaps) {
    Twim t;
    EXPECT(!t.twi.take_gap());
    t.set(ENABLE, 7);
    EXPECT(t.twi.take_gap());
    t.set(SPIM_START, 1);
    EXPECT(t.twi.take_gap());
}

TEST(legacy_twi_sends_a_byte_from_txd_at_410_khz) {
    LegacyTwi t;
    t.set(STARTTX, 1);
    t.set(TXD, 0xAA);
    t.run_to((1 + 2 * byte) * half_of_legacy - 1);
    EXPECT_EQUAL(t.get(TXDSENT), 0);
    t.run_for(1);
    EXPECT_EQUAL(t.get(TXDSENT), 1);
    t.set(STOP, 1);
    t.run_for(half_of_legacy);
    EXPECT_EQUAL(t.get(STOPPED), 1);
    EXPECT_EQUAL(t.target.written.size(), 1);
}

TEST(legacy_twi_reads_two_bytes_by_suspend_and_resume) {
    LegacyTwi t;
    t.set(SHORTS, bb_suspend);
    t.set(STARTRX, 1);
    t.run_to(500 * half);
    EXPECT_EQUAL(t.get(RXDREADY), 1);
    EXPECT_EQUAL(t.get(SUSPENDED), 1);
    EXPECT_EQUAL(t.get(RXD), 0x10);
    t.set(RXDREADY, 0);
    t.set(SHORTS, bb_stop);
    t.set(RESUME, 1);
    t.run_for(500 * half);
    EXPECT_EQUAL(t.get(RXDREADY), 1);
    EXPECT_EQUAL(t.get(STOPPED), 1);
    EXPECT_EQUAL(t.get(RXD), 0x11);
    EXPECT_EQUAL(t.target.next, 0x12);
}

TEST(legacy_twi_reports_a_byte_that_was_not_read_in_time) {
    LegacyTwi t;
    t.set(STARTRX, 1);
    t.run_to((1 + 3 * byte) * half_of_legacy);
    EXPECT_EQUAL(t.get(ERRORSRC), 1);
    EXPECT_EQUAL(t.get(RXD), 0x11);
}

int main(int count, char** names) { return run(count, names); }
