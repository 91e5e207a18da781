// UART and UARTE on the bench: byte times, EasyDMA, receive FIFO. 115200 baud is 139 cycles of 16
// MHz per bit.
#include "device_bench.h"
#include "soc/nrf/uart.h"

using namespace bench;

namespace {

constexpr Tick bit = 139 * cycle_16_mhz_ticks, frame = 10 * bit;
enum : uint32_t {
    STARTRX = 0x000,
    STOPRX = 0x004,
    STARTTX = 0x008,
    STOPTX = 0x00C,
    FLUSHRX = 0x02C,
    RXDRDY = 0x108,
    ENDRX = 0x110,
    TXDRDY = 0x11C,
    ENDTX = 0x120,
    ERROR = 0x124,
    RXTO = 0x144,
    RXSTARTED = 0x14C,
    TXSTARTED = 0x150,
    TXSTOPPED = 0x158,
    SHORTS = 0x200,
    INTENSET = 0x304,
    ERRORSRC = 0x480,
    ENABLE = 0x500,
    PSEL_TXD = 0x50C,
    PSEL_CTS = 0x510,
    PSEL_RXD = 0x514,
    RXD = 0x518,
    TXD = 0x51C,
    BAUDRATE = 0x524,
    RXD_PTR = 0x534,
    RXD_MAXCNT = 0x538,
    RXD_AMOUNT = 0x53C,
    TXD_PTR = 0x544,
    TXD_MAXCNT = 0x548,
    TXD_AMOUNT = 0x54C,
    CONFIG = 0x56C
};

struct Uart : Bench {
    static constexpr uint32_t address = 0x40002000;
    explicit Uart(uint32_t enable) {
        set(PSEL_TXD, 6);
        set(PSEL_RXD, 8);
        set(BAUDRATE, 0x01D60000);
        set(ENABLE, enable);
    }
    tinysim::nrf::NrfUart uart{construction("uart0", address, {{"easyDMA", 1}})};

    uint32_t get(uint32_t offset) { return uart.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { uart.write(offset, value, 4); }
    void send(uint32_t pointer, uint32_t count) {
        set(TXD_PTR, pointer);
        set(TXD_MAXCNT, count);
        set(STARTTX, 1);
    }
    void listen(uint32_t pointer, uint32_t count) {
        set(RXD_PTR, pointer);
        set(RXD_MAXCNT, count);
        set(STARTRX, 1);
    }
    void host_sends(const std::string& text) {
        uart.receive({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    }
    size_t sent() const { return recorder.uart_bytes.size(); }
};

}  // namespace

TEST(easy_dma_sends_each_byte_at_the_end_of_its_stop_bit) {
    Uart u(8);
    u.ram.put(0, "hello");
    u.send(ram_base, 5);
    EXPECT_EQUAL(u.get(TXSTARTED), 1);
    u.run_to(frame - 1);
    EXPECT_EQUAL(u.sent(), 0);
    u.run_to(5 * frame - 1);
    EXPECT_EQUAL(u.get(ENDTX), 0);
    u.run_to(5 * frame);
    EXPECT_EQUAL(u.get(ENDTX), 1);
    EXPECT_EQUAL(u.get(TXD_AMOUNT), 5);
    EXPECT_EQUAL(u.recorder.uart_bytes[4].at, 5 * frame);
    EXPECT_EQUAL(u.recorder.transfers.at(0).bytes, 5);
}

TEST(easy_dma_reads_a_byte_when_the_wire_takes_it_and_not_at_the_start) {
    Uart u(8);
    u.ram.put(0, "hello");
    u.send(ram_base, 5);
    u.run_to(frame - 1);
    u.ram.put(0, "HELLO");
    u.run_to(5 * frame);
    EXPECT_EQUAL(u.recorder.uart_bytes[0].byte, 'h');
    EXPECT_EQUAL(u.recorder.uart_bytes[1].byte, 'E');
}

TEST(stoptx_finishes_the_byte_on_the_wire_then_raises_endtx_and_txstopped) {
    Uart u(8);
    u.send(ram_base, 5);
    u.run_to(frame + 1);
    u.set(STOPTX, 1);
    EXPECT_EQUAL(u.get(TXSTOPPED), 0);
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(ENDTX), 1);
    EXPECT_EQUAL(u.get(TXSTOPPED), 1);
    EXPECT_EQUAL(u.get(TXD_AMOUNT), 2);
}

TEST(ppi_from_endtx_to_stoptx_gives_txstopped) {
    Uart u(8);
    u.fabric.listen([&](uint32_t event) {
        if (event == Uart::address + ENDTX) u.fabric.trigger(Uart::address + STOPTX);
    });
    u.send(ram_base, 1);
    u.run_to(frame);
    EXPECT_EQUAL(u.get(TXSTOPPED), 1);
}

TEST(a_pointer_outside_ram_is_warned_counted_and_moves_no_byte) {
    Uart u(8);
    u.send(0x00001000, 5);
    u.run_to(10 * frame);
    EXPECT_EQUAL(u.sent(), 0);
    EXPECT_EQUAL(u.get(TXD_AMOUNT), 0);
    EXPECT_EQUAL(u.counter("uart0.dma_errors"), 1);
    EXPECT_EQUAL(u.recorder.warnings.size(), 1);
    EXPECT_EQUAL(u.recorder.transfers.size(), 0);
}

TEST(an_unconnected_txd_pin_sends_into_the_void_with_a_warning) {
    Uart u(8);
    u.set(PSEL_TXD, 0xFFFFFFFF);
    u.send(ram_base, 1);
    u.run_to(frame);
    EXPECT_EQUAL(u.get(ENDTX), 1);
    EXPECT_EQUAL(u.sent(), 0);
    EXPECT_EQUAL(u.recorder.warnings.size(), 1);
}

TEST(received_bytes_reach_ram_at_the_baud_rate_and_endrx_comes_with_the_last) {
    Uart u(8);
    u.host_sends("abc");
    u.run_to(100 * frame);
    u.listen(ram_base + 16, 3);
    EXPECT_EQUAL(u.get(RXSTARTED), 1);
    u.run_for(3 * frame - 1);
    EXPECT_EQUAL(u.get(ENDRX), 0);
    EXPECT(u.ram.text(16, 3) == std::string("ab\0", 3));
    u.run_for(1);
    EXPECT_EQUAL(u.get(ENDRX), 1);
    EXPECT_EQUAL(u.get(RXD_AMOUNT), 3);
    EXPECT(u.ram.text(16, 3) == "abc");
}

TEST(the_receive_pointer_is_double_buffered_with_endrx_startrx) {
    Uart u(8);
    u.set(SHORTS, 1 << 5);
    u.listen(ram_base + 16, 2);
    u.set(RXD_PTR, ram_base + 32);
    u.host_sends("abcd");
    u.run_to(4 * frame);
    EXPECT(u.ram.text(16, 2) == "ab");
    EXPECT(u.ram.text(32, 2) == "cd");
    EXPECT_EQUAL(u.counter("uart0.dma_errors"), 0);
    EXPECT_EQUAL(u.get(ERROR), 0);
}

TEST(stoprx_ends_the_transfer_before_rxto) {
    Uart u(8);
    u.listen(ram_base + 16, 8);
    u.host_sends("ab");
    u.run_to(3 * frame);
    u.set(STOPRX, 1);
    u.run_for(4 * frame - 1);
    EXPECT_EQUAL(u.get(RXTO), 0);
    u.run_for(1);
    EXPECT_EQUAL(u.get(RXTO), 1);
    EXPECT_EQUAL(u.get(ENDRX), 1);
    EXPECT_EQUAL(u.get(RXD_AMOUNT), 2);
}

TEST(without_a_buffer_five_bytes_wait_and_the_sixth_is_an_overrun) {
    Uart u(8);
    u.listen(ram_base + 16, 1);
    u.host_sends("1234567");
    u.run_to(8 * frame);
    EXPECT_EQUAL(u.get(ERRORSRC), 1);
    EXPECT_EQUAL(u.get(ERROR), 1);
    u.set(ERRORSRC, 1);
    EXPECT_EQUAL(u.get(ERRORSRC), 0);
    u.listen(ram_base + 16, 8);
    u.set(STOPRX, 1);
    u.run_for(4 * frame);
    EXPECT_EQUAL(u.get(RXD_AMOUNT), 5);
    EXPECT(u.ram.text(16, 5) == "23456");
}

TEST(flushrx_empties_the_fifo_and_leaves_amount_when_there_was_nothing) {
    Uart u(8);
    u.listen(ram_base + 16, 1);
    u.host_sends("123");
    u.run_to(3 * frame);
    u.set(STOPRX, 1);
    u.run_for(4 * frame);
    u.set(RXD_MAXCNT, 8);
    u.set(FLUSHRX, 1);
    EXPECT_EQUAL(u.get(RXD_AMOUNT), 2);
    EXPECT(u.ram.text(16, 2) == "23");
    u.set(ENDRX, 0);
    u.set(FLUSHRX, 1);
    EXPECT_EQUAL(u.get(ENDRX), 1);
    EXPECT_EQUAL(u.get(RXD_AMOUNT), 2);
}

TEST(uart_raises_txdrdy_after_one_frame_and_interrupts) {
    Uart u(4);
    bool interrupt = false;
    u.uart.output("IRQ")->connect([&](bool level) { interrupt = level; });
    u.set(INTENSET, 1 << 7);
    u.set(STARTTX, 1);
    u.set(TXD, 'x');
    u.run_to(frame - 1);
    EXPECT(!interrupt);
    u.run_to(frame);
    EXPECT(interrupt);
    u.set(TXDRDY, 0);
    EXPECT(!interrupt);
    EXPECT_EQUAL(u.recorder.uart_bytes[0].byte, 'x');
}

TEST(parity_and_a_second_stop_bit_lengthen_the_frame) {
    Uart u(4);
    u.set(CONFIG, 0x1E);
    u.set(STARTTX, 1);
    u.set(TXD, 'x');
    u.run_to(20 * bit);
    EXPECT_EQUAL(u.recorder.uart_bytes[0].at, 12 * bit);
}

TEST(uart_keeps_six_received_bytes_and_loses_the_seventh) {
    Uart u(4);
    u.set(STARTRX, 1);
    u.host_sends("1234567");
    u.run_to(8 * frame);
    EXPECT_EQUAL(u.get(ERRORSRC), 1);
    for (int i = 0; i < 6; ++i) {
        EXPECT_EQUAL(u.get(RXDRDY), 1);
        u.set(RXDRDY, 0);
        EXPECT_EQUAL(u.get(RXD), '1' + i);
    }
    EXPECT_EQUAL(u.get(RXDRDY), 0);
}

TEST(flow_control_is_reported_as_not_modelled) {
    Uart u(4);
    EXPECT(!u.uart.take_gap());
    u.set(PSEL_CTS, 7);
    EXPECT(u.uart.take_gap());
    u.set(CONFIG, 1);
    EXPECT(u.uart.take_gap());
}

TEST(a_million_frames_of_a_fractional_rate_do_not_drift) {
    const auto time = tinysim::nrf::FrameTime::of(0x01D60000, 10, ticks_per_second, true);
    tinysim::nrf::FrameClock clock;
    Tick at = 0;
    for (int i = 0; i < 1'000'000; ++i) at = clock.advance(at, time);
    EXPECT_EQUAL(at, static_cast<__int128>(time.numerator) * 1'000'000 / time.denominator);
}

TEST(the_vendors_actual_rates_come_out) {
    constexpr std::array<std::array<uint32_t, 2>, 6> rates = {{{0x00275000, 9598},
                                                               {0x004EA000, 19208},
                                                               {0x009D0000, 38369},
                                                               {0x01D60000, 115108},
                                                               {0x0F000000, 941176},
                                                               {0x10000000, 1000000}}};
    for (const auto& [value, baud] : rates) {
        const auto time = tinysim::nrf::FrameTime::of(value, 1, ticks_per_second, false);
        EXPECT_EQUAL((ticks_per_second + time.numerator / 2) / time.numerator, baud);
    }
}

int main(int count, char** names) { return run(count, names); }
