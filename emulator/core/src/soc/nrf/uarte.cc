// The EasyDMA half of the UART block (ENABLE = 8). nRF52840 Product Specification 6.34 "UARTE".
// A transfer without bytes (MAXCNT 0, or a buffer outside RAM) ends after the time of one frame.
#include "soc/nrf/uart.h"

namespace tinysim::nrf {

using namespace uart;

void NrfUart::start_dma_transmitter() {
    if (tx_started_) return warn_once(warned_tx_running_, "STARTTX while a transfer runs: ignored");
    tx_started_ = true;
    tx_stop_ = false;
    tx_dma_.start();
    raise(txstarted);
    tx_clock_.idle();
    if (tx_dma_.left() > 0) return send(tx_dma_.take(), scheduler_.now());
    scheduler_.at(tx_event_, tx_clock_.advance(scheduler_.now(), frame_time()));
}

void NrfUart::stop_dma_transmitter() {
    if (tx_started_) tx_stop_ = true;  // the byte on the wire is finished first
    else raise(txstopped);
}

void NrfUart::dma_byte_sent(Tick at) {
    raise(txdrdy);
    if (tx_stop_ || tx_dma_.left() == 0) return end_dma_transmitter();
    send(tx_dma_.take(), at);
}

void NrfUart::end_dma_transmitter() {
    const bool stopped = std::exchange(tx_stop_, false);
    tx_started_ = false;
    tx_dma_.finish();
    raise(endtx);
    if (stopped) raise(txstopped);
}

void NrfUart::start_dma_receiver() {
    if (rx_dma_.is_running()) return;  // only ENDRX frees the buffer
    const bool runs = rx_dma_.start();
    raise(rxstarted);
    if (runs) return drain_fifo_to_dma();
    const FrameTime frame = frame_time();
    scheduler_.after(rx_end_event_, frame.numerator / frame.denominator);
}

void NrfUart::drain_fifo_to_dma() {
    while (!fifo_.empty() && rx_dma_.is_running() && rx_dma_.left() > 0) {
        rx_dma_.put(fifo_.front());
        fifo_.pop_front();
        if (rx_dma_.left() == 0) return end_dma_receiver();
    }
}

void NrfUart::deliver_to_dma(uint8_t byte) {
    if (!rx_dma_.is_running() || rx_dma_.left() == 0)
        return deliver_to_fifo(byte, uarte_fifo_bytes);
    rx_dma_.put(byte);
    raise(rxdrdy);
    if (rx_dma_.is_running() && rx_dma_.left() == 0) end_dma_receiver();
}

void NrfUart::end_dma_receiver() {
    rx_dma_.finish();
    raise(endrx);
}

void NrfUart::flush_dma_receiver() {
    if (rx_started_ || !rx_dma_.start()) return;
    while (!fifo_.empty() && rx_dma_.left() > 0) {
        rx_dma_.put(fifo_.front());
        fifo_.pop_front();
    }
    if (rx_dma_.moved() > 0) rx_dma_.finish();
    else rx_dma_.finish_unchanged();
    raise(endrx);
}

}  // namespace tinysim::nrf
