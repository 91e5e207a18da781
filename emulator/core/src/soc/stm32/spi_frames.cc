// The frames of SPI: how long they last, who sends what, CRC.
#include <algorithm>

#include "soc/stm32/spi.h"
#include "soc/stm32/spi_registers.h"

namespace tinysim::stm32 {

using namespace spi;

namespace {
uint16_t mirrored(uint16_t frame, unsigned bits) {
    uint16_t out = 0;
    for (unsigned i = 0; i < bits; ++i) out |= static_cast<uint16_t>((frame >> i & 1) << (bits - 1 - i));
    return out;
}
}  // namespace

unsigned Spi::frame_bits() const {
    if (fifo_) return ((value(CR2) & size_mask) >> size_at) + 1;
    return has(CR1, DFF) ? 16 : 8;
}

unsigned Spi::crc_bits() const { return fifo_ ? (has(CR1, CRCL) ? 16 : 8) : frame_bits(); }

bool Spi::only_receives() const { return has(CR1, MSTR) && (has(CR1, BIDIMODE) ? !has(CR1, BIDIOE) : has(CR1, RXONLY)); }

bool Spi::hears() const { return !has(CR1, BIDIMODE) || !has(CR1, BIDIOE); }

Tick Spi::bit_ticks() const { return clock_ticks() * (Tick{2} << (value(CR1) >> divider_at & 7)); }

void Spi::run(Tick from) {
    if (shifting_ || closing_ || !has(CR1, SPE) || !has(CR1, MSTR) || bit_ticks() == 0) return;       // 0: in Stop
    const bool checks = has(CR1, CRCNEXT) && has(CR1, CRCEN);
    if (!only_receives() && !checks && transmit_.size() < units_per_frame()) return;
    shift_ = next_frame();
    shift_bits_ = crc_frame_ ? crc_bits() : frame_bits();
    shifting_ = true;
    began_ = from;
    scheduler_.at(frame_event_, from + static_cast<Tick>(shift_bits_) * bit_ticks());
}

// The CRC follows when CRCNEXT is set and what was written before has gone.
uint16_t Spi::next_frame() {
    crc_frame_ = has(CR1, CRCEN) && has(CR1, CRCNEXT) && transmit_.empty();
    if (crc_frame_) {
        value(CR1) &= ~CRCNEXT;
        return static_cast<uint16_t>(value(TXCRCR));
    }
    if (std::exchange(crc_over_, false) && fifo_) begin_check();
    if (only_receives()) return 0xFFFF;
    const size_t units = units_per_frame();
    const uint16_t out = transmit_.size() < units ? shift_ : take(transmit_, units);      // a slave repeats its last one
    if (has(CR1, CRCEN)) value(TXCRCR) = check(static_cast<uint16_t>(value(TXCRCR)), out);
    return out;
}

void Spi::on_frame(Tick late) {
    const Tick at = scheduler_.now() - late;
    shifting_ = false;
    if (is_i2s()) return on_word(began_, at);
    const bool turned = has(CR1, LSBFIRST);
    const uint16_t in = wire_.exchange(turned ? mirrored(shift_, shift_bits_) : shift_, shift_bits_);
    frame_done(turned ? mirrored(in, shift_bits_) : in);
    closing_ = false;
    const bool pulses = fifo_ && has(CR2, NSSP) && !nss_.level();
    if (pulses) nss_.pulse();                                             // one clock period high between frames
    run(pulses ? at + bit_ticks() : at);
    update_lines();
}

void Spi::frame_done(uint16_t in) {
    if (crc_frame_) {
        crc_over_ = true;
        if (hears() && in != value(RXCRCR)) flags_ |= CRCERR;
        if (hears()) deliver(in, fifo_ ? crc_bits() / 8 : 1);
        return;
    }
    if (!hears()) return;
    if (has(CR1, CRCEN)) value(RXCRCR) = check(static_cast<uint16_t>(value(RXCRCR)), in);
    deliver(in, units_per_frame());
}

bool Spi::is_selected() const {
    if (is_i2s()) return has(I2SCFGR, I2SE) && !i2s_masters();
    if (!has(CR1, SPE) || has(CR1, MSTR)) return false;
    return has(CR1, SSM) ? !has(CR1, SSI) : !nss_pin_;
}

// As a slave. Of a bidirectional line the receiving half leaves the wire alone.
uint16_t Spi::exchange(uint16_t out, unsigned bits) {
    if (is_i2s()) return exchange_word(out);
    const bool silent = has(CR1, BIDIMODE) ? !has(CR1, BIDIOE) : has(CR1, RXONLY);
    const bool turned = has(CR1, LSBFIRST);
    shift_ = next_frame();
    const unsigned mine = crc_frame_ ? crc_bits() : frame_bits();
    if (mine != bits) warn_once(warned_size_, "the master's frames have another length than this slave's");
    frame_done(turned ? mirrored(out, bits) : out);
    update_lines();
    const auto ones = static_cast<uint16_t>((1u << bits) - 1);
    return silent ? ones : static_cast<uint16_t>((turned ? mirrored(shift_, bits) : shift_) & ones);
}

uint16_t Spi::take(std::deque<uint16_t>& queue, size_t units) {
    uint16_t frame = 0;
    for (size_t i = 0; i < units; ++i) {
        frame |= static_cast<uint16_t>(queue.front() << 8 * i);
        queue.pop_front();
    }
    return frame;
}

bool Spi::deliver(uint16_t in, size_t units) {
    if (receive_.size() + units > depth()) {
        if (!is_i2s()) ++recorder_.counter(name_ + ".overruns");
        warn_once(warned_overrun_, "a received frame is lost (SR.OVR): DR had not been read");
        flags_ |= OVR;
        return false;
    }
    for (size_t i = 0; i < units; ++i) receive_.push_back(static_cast<uint16_t>(fifo_ ? in >> 8 * i & 0xFF : in));
    return true;
}

// Bit by bit as on the wire; CRCPR without the highest power (RM0090 28.3.6).
uint16_t Spi::check(uint16_t so_far, uint16_t frame) const {
    const unsigned width = crc_bits(), bits = frame_bits();
    const bool turned = has(CR1, LSBFIRST);
    const uint32_t polynomial = value(CRCPR), top = 1u << (width - 1);
    uint32_t crc = so_far;
    for (unsigned i = 0; i < bits; ++i) {
        const uint32_t bit = frame >> (turned ? i : bits - 1 - i) & 1;
        const bool divides = ((crc & top) != 0) != (bit != 0);
        crc = (crc << 1 ^ (divides ? polynomial : 0)) & ((top << 1) - 1);
    }
    return static_cast<uint16_t>(crc);
}

void Spi::begin_check() { value(RXCRCR) = value(TXCRCR) = 0; }

}  // namespace tinysim::stm32
