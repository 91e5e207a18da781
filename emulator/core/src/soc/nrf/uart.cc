#include "soc/nrf/uart.h"

namespace tinysim::nrf {

using namespace uart;

namespace {
constexpr uint32_t errorsrc_offset = 0x480, enable_offset = 0x500, pins_offset = 0x508,
                   rxd_offset = 0x518, txd_offset = 0x51C, baudrate_offset = 0x524,
                   rx_dma_offset = 0x534, tx_dma_offset = 0x544, config_offset = 0x56C;
constexpr uint32_t baudrate_after_reset = 0x04000000, disconnected = 0x80000000;
constexpr uint32_t enabled_uart = 4, enabled_uarte = 8;
constexpr uint32_t config_hwfc = 1, config_parity = 7u << 1, config_two_stop_bits = 1u << 4;
constexpr unsigned rts_pin = 0, txd_pin = 1, cts_pin = 2, rxd_pin = 3;
constexpr unsigned stop_timeout_frames = 4;
constexpr int wire_priority = 50;

bool is_dma_register(uint32_t offset) {  // PTR, MAXCNT, AMOUNT of RXD and TXD; UARTE has no LIST
    return (offset >= rx_dma_offset && offset < rx_dma_offset + 0xC) ||
           (offset >= tx_dma_offset && offset < tx_dma_offset + 0xC);
}
}  // namespace

NrfUart::NrfUart(const Construction& construction)
    : Peripheral(construction), uart_(construction.recorder.name_uart(construction.name)),
      has_dma_(construction.number("easyDMA", 0) != 0),
      fractional_baud_(construction.chip_number("uart_fractional_baud", 0) != 0),
      tx_dma_(construction, EasyDma::Direction::from_memory),
      rx_dma_(construction, EasyDma::Direction::to_memory),
      tx_event_(name_ + ".tx", wire_priority, [this](Tick late) { on_sent(late); }),
      rx_event_(name_ + ".rx", wire_priority, [this](Tick late) { on_received(late); }),
      rx_stop_event_(name_ + ".rxto", wire_priority, [this](Tick) { on_receiver_stopped(); }),
      rx_end_event_(name_ + ".endrx", wire_priority, [this](Tick) { raise(endrx); }) {
    has_tasks({startrx, stoprx, starttx, stoptx, suspend, flushrx});
    has_events({cts, ncts, rxdrdy, endrx, txdrdy, endtx, error_signal, rxto, rxstarted, txstarted,
                txstopped});
    has_shorts({{3, cts, startrx}, {4, ncts, stoprx}, {5, endrx, startrx}, {6, endrx, stoprx}});
    NrfUart::reset();
}

void NrfUart::reset() {
    Peripheral::reset();
    quiet();
    tx_dma_.reset();
    rx_dma_.reset();
    enable_ = errorsrc_ = config_ = 0;
    baudrate_ = baudrate_after_reset;
    pins_.fill(0xFFFFFFFF);
}

void NrfUart::quiet() {
    for (Event* event : {&tx_event_, &rx_event_, &rx_stop_event_, &rx_end_event_})
        scheduler_.cancel(*event);
    tx_started_ = tx_busy_ = tx_waiting_ = tx_stop_ = false;
    rx_started_ = rx_stopping_ = rx_busy_ = false;
    fifo_.clear();
    if (tx_dma_.is_running()) tx_dma_.finish();
    if (rx_dma_.is_running()) rx_dma_.finish();
}

void NrfUart::task(unsigned index) {
    switch (index) {
    case startrx: return start_receiver();
    case stoprx: return stop_receiver();
    case starttx: return uses_dma() ? start_dma_transmitter() : start_transmitter();
    case stoptx: return uses_dma() ? stop_dma_transmitter() : stop_transmitter();
    case suspend:
        if (uses_dma()) return;
        stop_transmitter();
        return stop_receiver();
    case flushrx:
        if (uses_dma()) flush_dma_receiver();
        return;
    default: return;
    }
}

uint32_t NrfUart::read_register(uint32_t offset) {
    if (offset >= pins_offset && offset < pins_offset + 16)
        return pins_[(offset - pins_offset) / 4];
    if (has_dma_ && is_dma_register(offset))
        return offset < tx_dma_offset ? rx_dma_.read_register(offset - rx_dma_offset)
                                      : tx_dma_.read_register(offset - tx_dma_offset);
    switch (offset) {
    case errorsrc_offset: return errorsrc_;
    case enable_offset: return enable_;
    case rxd_offset: return read_rxd();
    case txd_offset: return 0;
    case baudrate_offset: return baudrate_;
    case config_offset: return config_;
    default: not_modelled(); return 0;
    }
}

void NrfUart::write_register(uint32_t offset, uint32_t value) {
    if (offset >= pins_offset && offset < pins_offset + 16) return write_pin(offset, value);
    if (has_dma_ && is_dma_register(offset))
        return offset < tx_dma_offset ? rx_dma_.write_register(offset - rx_dma_offset, value)
                                      : tx_dma_.write_register(offset - tx_dma_offset, value);
    switch (offset) {
    case errorsrc_offset: errorsrc_ &= ~value; break;
    case enable_offset: write_enable(value & 0xF); break;
    case rxd_offset: break;
    case txd_offset: write_txd(static_cast<uint8_t>(value)); break;
    case baudrate_offset: baudrate_ = value; break;
    case config_offset:
        config_ = value & (config_hwfc | config_parity | config_two_stop_bits);
        if ((value & config_hwfc) != 0) not_modelled();
        break;
    default: not_modelled();
    }
}

void NrfUart::write_pin(uint32_t offset, uint32_t value) {
    const unsigned pin = (offset - pins_offset) / 4;
    pins_[pin] = value;
    if ((pin == rts_pin || pin == cts_pin) && (value & disconnected) == 0) not_modelled();
    if (pin == rxd_pin) listen(scheduler_.now());
}

void NrfUart::write_enable(uint32_t value) {
    if (value == enable_) return;
    quiet();
    const bool known = value == 0 || value == enabled_uart || (value == enabled_uarte && has_dma_);
    if (!known) not_modelled();
    enable_ = known ? value : 0;
}

FrameTime NrfUart::frame_time() const {
    unsigned bits = 10;
    if ((config_ & config_parity) == config_parity) ++bits;
    if ((config_ & config_two_stop_bits) != 0) ++bits;
    return FrameTime::of(baudrate_ == 0 ? 1 : baudrate_, bits, scheduler_.ticks_per_second(),
                         fractional_baud_);
}

void NrfUart::warn_once(bool& warned, const char* text) {
    if (!std::exchange(warned, true)) recorder_.warn(name_ + ": " + text);
}

void NrfUart::send(uint8_t byte, Tick from) {
    if (baudrate_ == 0) warn_once(warned_no_baud_, "BAUDRATE is 0: a byte takes for ever");
    tx_byte_ = byte;
    tx_busy_ = true;
    scheduler_.at(tx_event_, tx_clock_.advance(from, frame_time()));
}

void NrfUart::on_sent(Tick late) {
    const Tick at = scheduler_.now() - late;
    if (!tx_busy_) return end_dma_transmitter();  // a UARTE transfer of no bytes
    tx_busy_ = false;
    if ((pins_[txd_pin] & disconnected) == 0) recorder_.uart_byte(uart_, tx_byte_);
    else warn_once(warned_no_txd_, "PSEL.TXD is not connected: the bytes reach no pin");
    uses_dma() ? dma_byte_sent(at) : byte_sent(at);
}

void NrfUart::receive(std::span<const uint8_t> bytes) {
    host_.insert(host_.end(), bytes.begin(), bytes.end());
    listen(scheduler_.now());
}

void NrfUart::listen(Tick from) {
    if (!rx_started_ || rx_stopping_ || rx_busy_ || host_.empty()) return;
    if ((pins_[rxd_pin] & disconnected) != 0)
        return warn_once(warned_no_rxd_, "PSEL.RXD is not connected: the host's bytes wait");
    rx_busy_ = true;
    scheduler_.at(rx_event_, rx_clock_.advance(from, frame_time()));
}

void NrfUart::on_received(Tick late) {
    const uint8_t byte = host_.front();
    host_.pop_front();
    rx_busy_ = false;
    uses_dma() ? deliver_to_dma(byte) : deliver_to_fifo(byte, uart_fifo_bytes);
    if (host_.empty()) rx_clock_.idle();
    listen(scheduler_.now() - late);
}

void NrfUart::start_receiver() {
    scheduler_.cancel(rx_stop_event_);
    rx_started_ = true;
    rx_stopping_ = false;
    if (uses_dma()) start_dma_receiver();
    listen(scheduler_.now());
}

void NrfUart::stop_receiver() {
    if (!rx_started_ || rx_stopping_) return;
    rx_stopping_ = true;
    const FrameTime frame = frame_time();
    scheduler_.after(rx_stop_event_, stop_timeout_frames * frame.numerator / frame.denominator);
}

void NrfUart::on_receiver_stopped() {
    rx_started_ = rx_stopping_ = false;
    if (rx_dma_.is_running()) end_dma_receiver();  // an impending ENDRX comes before RXTO
    raise(rxto);
}

void NrfUart::error(uint32_t source) {
    errorsrc_ |= source;
    raise(error_signal);
}

void NrfUart::start_transmitter() { tx_started_ = true; }

void NrfUart::stop_transmitter() { tx_started_ = tx_waiting_ = false; }

void NrfUart::write_txd(uint8_t byte) {
    if (enable_ != enabled_uart || !tx_started_) return;
    if (!tx_busy_) {
        tx_clock_.idle();
        return send(byte, scheduler_.now());
    }
    tx_next_ = byte;
    tx_waiting_ = true;
}

void NrfUart::byte_sent(Tick at) {
    if (std::exchange(tx_waiting_, false)) send(tx_next_, at);
    raise(txdrdy);
}

uint8_t NrfUart::read_rxd() {
    if (enable_ != enabled_uart || fifo_.empty()) return rxd_;
    rxd_ = fifo_.front();
    fifo_.pop_front();
    if (!fifo_.empty()) raise(rxdrdy);  // the next byte moves into RXD
    return rxd_;
}

void NrfUart::deliver_to_fifo(uint8_t byte, size_t depth) {
    if (fifo_.size() >= depth) return error(overrun);
    fifo_.push_back(byte);
    if (fifo_.size() == 1 || uses_dma()) raise(rxdrdy);
}

void NrfUart::state(Archive& archive) {
    Peripheral::state(archive);
    archive(tx_dma_, rx_dma_, tx_clock_, rx_clock_, tx_event_, rx_event_, rx_stop_event_,
            rx_end_event_, enable_, errorsrc_, config_, baudrate_, pins_, tx_started_, tx_busy_,
            tx_waiting_, tx_stop_, tx_byte_, tx_next_, rx_started_, rx_stopping_, rx_busy_,
            rxd_, fifo_, host_, warned_no_txd_, warned_no_rxd_, warned_tx_running_,
            warned_no_baud_);
}

}  // namespace tinysim::nrf
