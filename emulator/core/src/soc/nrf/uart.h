// UART and UARTE, one block chosen by ENABLE (4 and 8). nRF52840 Product Specification 6.33
// (UART), 6.34 (UARTE). uart.cc: registers, the two wires, UART; uarte.cc: EasyDMA. The host holds
// its bytes until the receiver runs and while it stops, as if it watched RTS. Assumed: RXTO four
// frames after STOPRX; a UARTE FIFO of five bytes; a TXD written while a UART byte is on the wire
// waits (one deep); FLUSHRX of an empty FIFO leaves AMOUNT as it was. Not modelled: CTS and RTS
// (gaps when selected), SUSPEND's finer effect, parity, framing and break errors on RX.
#pragma once

#include <array>
#include <deque>

#include "soc/nrf/baud.h"
#include "soc/nrf/easy_dma.h"
#include "soc/nrf/peripheral.h"
#include "tinysim/serial_port.h"

namespace tinysim::nrf {

class NrfUart : public Peripheral, public SerialPort {
public:
    explicit NrfUart(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    SerialPort* serial() override { return this; }
    void receive(std::span<const uint8_t> bytes) override;

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;
    bool is_enabled() const override { return enable_ != 0; }

private:
    bool uses_dma() const { return enable_ == 8; }
    void write_enable(uint32_t value);
    void write_pin(uint32_t offset, uint32_t value);
    void quiet();  // everything stops where it is
    FrameTime frame_time() const;
    void warn_once(bool& warned, const char* text);

    // The two wires.
    void send(uint8_t byte, Tick from);
    void on_sent(Tick late);
    void listen(Tick from);  // takes the next byte of the host, if the receiver runs
    void on_received(Tick late);
    void on_receiver_stopped();
    void start_receiver();
    void stop_receiver();
    void error(uint32_t source);

    // UART.
    void start_transmitter();
    void stop_transmitter();
    void write_txd(uint8_t byte);
    uint8_t read_rxd();
    void deliver_to_fifo(uint8_t byte, size_t depth);
    void byte_sent(Tick at);

    // UARTE.
    void start_dma_transmitter();
    void stop_dma_transmitter();
    void dma_byte_sent(Tick at);
    void end_dma_transmitter();
    void start_dma_receiver();
    void deliver_to_dma(uint8_t byte);
    void drain_fifo_to_dma();
    void end_dma_receiver();
    void flush_dma_receiver();

    const uint16_t uart_;
    const bool has_dma_, fractional_baud_;
    EasyDma tx_dma_, rx_dma_;
    FrameClock tx_clock_, rx_clock_;
    Event tx_event_, rx_event_, rx_stop_event_, rx_end_event_;

    uint32_t enable_ = 0, errorsrc_ = 0, config_ = 0, baudrate_ = 0;
    std::array<uint32_t, 4> pins_{};  // RTS, TXD, CTS, RXD

    bool tx_started_ = false, tx_busy_ = false, tx_waiting_ = false, tx_stop_ = false;
    uint8_t tx_byte_ = 0, tx_next_ = 0;
    bool rx_started_ = false, rx_stopping_ = false, rx_busy_ = false;
    uint8_t rxd_ = 0;
    std::deque<uint8_t> fifo_, host_;
    bool warned_no_txd_ = false, warned_no_rxd_ = false, warned_tx_running_ = false,
         warned_no_baud_ = false;
};

// Numbers of tasks and events (offset / 4), shared by uart.cc and uarte.cc.
namespace uart {
enum Task : unsigned {
    startrx = 0,
    stoprx = 1,
    starttx = 2,
    stoptx = 3,
    suspend = 7,
    flushrx = 11
};
enum Signal : unsigned {
    cts = 0,
    ncts = 1,
    rxdrdy = 2,
    endrx = 4,
    txdrdy = 7,
    endtx = 8,
    error_signal = 9,
    rxto = 17,
    rxstarted = 19,
    txstarted = 20,
    txstopped = 22
};
inline constexpr uint32_t overrun = 1;
inline constexpr size_t uart_fifo_bytes = 6;
inline constexpr size_t uarte_fifo_bytes = 5;
}  // namespace uart

}  // namespace tinysim::nrf
