#include "soc/stm32/spi.h"

#include <algorithm>

#include "soc/stm32/spi_registers.h"

namespace tinysim::stm32 {

using namespace spi;

namespace {
constexpr int wire_priority = 50;
constexpr uint32_t asynchronous_start = 1u << 12;
}  // namespace

Spi::Spi(const Construction& construction)
    : Peripheral(construction, flag(construction, "fifo") ? RegisterTable(fifo_table) : RegisterTable(table), Bridge::apb),
      fifo_(flag(construction, "fifo")), has_i2s_(flag(construction, "i2s")), counts_(recorder_, name_),
      frame_event_(name_ + ".frame", wire_priority, [this](Tick late) { on_frame(late); }) {
    nss_.set(true);
    wait_in_stop({&frame_event_});
    if (auto* master = dynamic_cast<Spi*>(construction.node("master"))) master->wire_.attach(*this);
    if (auto* main = dynamic_cast<Spi*>(construction.node("companionOf"))) {
        main->companion_ = this;
        is_companion_ = true;
    }
}

void Spi::reset() {
    Peripheral::reset();
    scheduler_.cancel(frame_event_);
    transmit_.clear();
    receive_.clear();
    flags_ = 0;
    shift_ = last_read_ = 0;
    shifting_ = closing_ = crc_frame_ = crc_over_ = last_item_ = last_received_ = overrun_read_ = fault_seen_ = false;
    sent_words_ = heard_words_ = 0;
    update_lines();
}

Line* Spi::output(std::string_view name) {
    if (name == "DmaReceive" || name == "DMAReceive") return &receive_request_;
    if (name == "DmaTransmit" || name == "DMASend") return &transmit_request_;
    return name == "Nss" ? &nss_ : Peripheral::output(name);
}

std::optional<Line::Sink> Spi::input(unsigned number) {
    if (number == 1) return [this](bool level) { last_item_ = last_item_ || (level && (has(CR1, CRCEN) || (fifo_ && has(CR2, LDMA_TX)))); };
    if (number == 2)
        return [this](bool level) {
            last_received_ = last_received_ || (level && fifo_ && has(CR2, LDMA_RX));
            update_lines();
        };
    if (number != 0) return std::nullopt;
    return [this](bool level) {
        nss_pin_ = level;
        check_mode_fault();
    };
}

uint32_t Spi::status() const {
    const bool quiet = only_receives() && has(CR1, BIDIMODE);                 // RM0090 28.3.7: BSY stays low then
    const uint32_t status = flags_ | when(shifting_ && !quiet, BSY);
    const size_t full = receive_.size(), waiting = transmit_.size();
    if (!fifo_) {
        return status | when(full != 0, RXNE) | when(waiting == 0, TXE) | when(on_right_channel(), CHSIDE);
    }
    const auto level = [](size_t bytes) { return static_cast<uint32_t>(std::min<size_t>(bytes, 3)); };
    return status | when(full >= (has(CR2, FRXTH) || last_received_ ? 1 : 2), RXNE) | when(waiting <= 2, TXE) | level(full) << receive_level_at |
           level(waiting) << transmit_level_at;
}

uint32_t Spi::read_register(uint32_t offset) {
    if (offset == SR) return read_sr();
    return offset == DR ? read_dr() : value(offset);
}

void Spi::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case CR1: return write_cr1(written);
    case CR2: return write_cr2(written);
    case DR: return write_dr(written);
    case I2SCFGR:
    case I2SPR: return write_i2s(offset, written);
    case SR:
        flags_ &= written | ~CRCERR;
        return update_lines();
    default: return store(offset, written);
    }
}

// OVR falls with a read of DR and then SR, UDR with one of SR; MODF with one of SR and a write of CR1.
uint32_t Spi::read_sr() {
    const uint32_t now = status();
    flags_ &= ~(UDR | when(std::exchange(overrun_read_, false), OVR));
    fault_seen_ = (now & MODF) != 0;
    update_lines();
    return now;
}

uint32_t Spi::read_dr() {
    if (!receive_.empty()) {
        const size_t units = fifo_ ? std::min<size_t>(access_bytes_ == 1 ? 1 : 2, receive_.size()) : 1;
        last_read_ = take(receive_, units);
        last_received_ = false;
        if (is_i2s()) counts_.read();
    }
    overrun_read_ = (flags_ & OVR) != 0;
    update_lines();
    return last_read_;
}

// What does not fit is lost in a FIFO, and takes the place of the frame before it in the single buffer.
void Spi::write_dr(uint32_t written) {
    if (!fifo_) {
        transmit_.assign(1, static_cast<uint16_t>(frame_bits() == 16 || is_i2s() ? written : written & 0xFF));
    } else {
        const bool is_odd = last_item_ && has(CR2, LDMA_TX) && frame_bits() <= 8;
        const size_t bytes = access_bytes_ == 1 || is_odd ? 1 : 2;
        if (transmit_.size() + bytes > depth()) return warn_once(warned_full_, "DR is written while the transmit FIFO is full: the data is lost");
        for (size_t i = 0; i < bytes; ++i) transmit_.push_back(static_cast<uint16_t>(written >> 8 * i & 0xFF));
    }
    if (std::exchange(last_item_, false) && has(CR1, CRCEN)) value(CR1) |= CRCNEXT;
    if (is_i2s()) run_i2s(scheduler_.now());
    else run(scheduler_.now());
    update_lines();
}

void Spi::write_cr1(uint32_t written) {
    const uint32_t before = value(CR1);
    if (std::exchange(fault_seen_, false)) flags_ &= ~MODF;
    if ((flags_ & MODF) != 0) written &= ~(SPE | MSTR);                   // RM0090 28.3.10
    store(CR1, written);
    if ((written & CRCEN) != 0 && (before & CRCEN) == 0) begin_check();
    if ((before & SPE) == 0 && (written & SPE) != 0) enable();
    if ((before & SPE) != 0 && (written & SPE) == 0) disable();
    check_mode_fault();
    if (!is_i2s()) run(scheduler_.now());
    update_lines();
}

void Spi::write_cr2(uint32_t written) {
    if ((written & FRF) != 0) not_modelled();
    if (fifo_ && (written & size_mask) < 3u << size_at) written = (written & ~size_mask) | size_8;      // RM0351 42.6.2: forced
    store(CR2, written);
    check_mode_fault();
    update_lines();
}

void Spi::write_i2s(uint32_t offset, uint32_t written) {
    if (!has_i2s_ && offset == I2SCFGR && (written & I2SMOD) != 0) return not_modelled();
    if (offset == I2SCFGR && (written & asynchronous_start) != 0) not_modelled();
    const bool ran = has(I2SCFGR, I2SE);
    store(offset, written);
    if (is_i2s() && !ran && has(I2SCFGR, I2SE)) begin_i2s();
    if (ran && !has(I2SCFGR, I2SE)) {
        scheduler_.cancel(frame_event_);
        shifting_ = false;
    }
    update_lines();
}

void Spi::enable() {
    closing_ = false;
    if (fifo_) receive_.clear();                                          // RM0351 42.4.9: what was left is flushed
}

void Spi::disable() {
    if (fifo_) transmit_.clear();
    if (!shifting_) return;
    if (only_receives()) {
        closing_ = true;                                                  // the frame under way is the last one
        return;
    }
    scheduler_.cancel(frame_event_);
    shifting_ = false;
    warn_once(warned_cut_, "CR1.SPE is cleared while BSY is set: the frame under way is cut off");
}

// A chain of frames that broke while there was no clock goes on.
void Spi::on_clock_changed() {
    if (shifting_ || !is_clocked() || is_stopped()) return;
    if (is_i2s()) run_i2s(scheduler_.now());
    else run(scheduler_.now());
    update_lines();
}

void Spi::check_mode_fault() {
    const bool selected = has(CR1, SSM) ? !has(CR1, SSI) : !has(CR2, SSOE) && !nss_pin_;
    if (is_i2s() || !has(CR1, SPE) || !has(CR1, MSTR) || !selected) return update_lines();
    flags_ |= MODF;
    value(CR1) &= ~(SPE | MSTR);
    scheduler_.cancel(frame_event_);
    shifting_ = false;
    warn_once(warned_fault_, "NSS is low in master mode (SR.MODF): SPE and MSTR are cleared");
    update_lines();
}

void Spi::update_lines() {
    const uint32_t now = status(), control = value(CR2);
    irq_.set(((control & TXEIE) != 0 && (now & TXE) != 0) || ((control & RXNEIE) != 0 && (now & RXNE) != 0) ||
             ((control & ERRIE) != 0 && (now & errors) != 0));
    transmit_request_.set((control & TXDMAEN) != 0 && (now & TXE) != 0);
    receive_request_.set((control & RXDMAEN) != 0 && (now & RXNE) != 0);
    const bool drives = has(CR1, SPE) && has(CR1, MSTR) && !has(CR1, SSM) && has(CR2, SSOE);
    nss_.set(!drives);
}

void Spi::state(Archive& archive) {
    Peripheral::state(archive);
    archive(frame_event_, receive_request_, transmit_request_, nss_, transmit_, receive_, flags_, shift_, last_read_, began_,
            shift_bits_, shifting_, closing_, nss_pin_, crc_frame_, crc_over_, last_item_, last_received_, overrun_read_, fault_seen_, sent_words_, heard_words_,
            warned_overrun_, warned_clock_, warned_cut_, warned_fault_, warned_full_, warned_size_,
            warned_divider_, warned_dry_);
}

}  // namespace tinysim::stm32
