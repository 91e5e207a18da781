// The master's wire of I2C v1: START, address, bytes, acknowledge, STOP, each in the time it takes. RM0090 27.3.3.
#include "soc/stm32/i2c_v1.h"

namespace tinysim::stm32 {

using namespace i2c_v1;

namespace {
constexpr int64_t standard_hz = 100'000, fast_hz = 400'000, megahertz = 1'000'000;
constexpr uint8_t ten_bit_header = 0xF0, ten_bit_mask = 0xF8;
constexpr unsigned byte_bits = 8, byte_periods = 9;
}  // namespace

// ---- time ----

// RM0090 27.6.8: standard CCR and CCR; fast 2 CCR low and CCR high, or with DUTY 16 CCR and 9 CCR.
Tick I2cV1::scl_low_ticks() const {
    const uint32_t ccr = value(CCR), factor = (ccr & FS) == 0 ? 1 : (ccr & DUTY) == 0 ? 2 : 16;
    return static_cast<Tick>(ccr & divider) * factor * clock_ticks();
}

Tick I2cV1::scl_high_ticks() const {
    const uint32_t ccr = value(CCR), factor = (ccr & (FS | DUTY)) == (FS | DUTY) ? 9 : 1;
    return static_cast<Tick>(ccr & divider) * factor * clock_ticks();
}

bool I2cV1::has_clock() {
    if (scl_high_ticks() != 0) return true;
    warn_once(warned_clock_, "START is set while CCR is 0 or PCLK1 stands still: there is no SCL");
    return false;
}

void I2cV1::check_settings() {
    const int64_t second = scheduler_.ticks_per_second(), limit_hz = (value(CCR) & FS) != 0 ? fast_hz : standard_hz;
    if (scl_low_ticks() + scl_high_ticks() < (second + limit_hz - 1) / limit_hz)
        warn_once(warned_speed_, "SCL is faster than its mode allows (100 kHz, or 400 kHz with CCR.FS)");
    if ((value(CR2) & FREQ) != second / clock_ticks() / megahertz)
        warn_once(warned_freq_, "CR2.FREQ is not PCLK1 in MHz: set-up and hold times are wrong on a real chip");
}

// ---- what comes next ----

bool I2cV1::wants_start() const { return (value(CR1) & (PE | START)) == (PE | START); }

void I2cV1::advance() {
    phase_ = Phase::hold;
    const uint32_t control = value(CR1), status = value(SR1);
    if ((control & PE) == 0) return let_go();
    if (is_held()) return;
    if (std::exchange(answer_due_, false)) return byte_answered(target_->acknowledges());
    if ((status & ADDR) != 0) return;
    if (owes_byte_) return wait_periods(byte_bits, Phase::receive);     // one at least behind the address, also with STOP set
    if ((control & STOP) != 0 && !sends_pec()) return begin_stop();
    if ((status & (SB | ADD10)) != 0) return;
    if ((control & START) != 0) return begin_start(true);
    if (refused_) return;
    if (is_read_ && !shift_full_) return wait_periods(byte_bits, Phase::receive);
    if (!is_read_ && (dr_full_ || sends_pec())) begin_send();
}

void I2cV1::begin_start(bool repeated) {
    if (!has_clock()) return;
    if (!repeated) {
        check_settings();
        pec_ = 0;
    }
    dr_full_ = last_item_ = false;
    clear_flags(TXE | (is_read_ ? 0u : BTF));
    value(SR2) = (value(SR2) & ~TRA) | BUSY;
    begin_bus(repeated);
}

void I2cV1::begin_address(uint8_t byte) {
    at_ = scheduler_.now();
    shift_ = byte;
    add_to_pec(byte);
    shift_full_ = false;
    wait_periods(byte_periods, Phase::address);
}

void I2cV1::begin_send() {
    if (std::exchange(dr_full_, false)) {
        shift_ = static_cast<uint8_t>(value(DR));
        add_to_pec(shift_);
    } else {
        shift_ = take_pec();
    }
    if (!wants_pec()) set_flags(TXE);
    wait_periods(byte_periods, Phase::send);
}

void I2cV1::begin_stop() { wait_periods(1, Phase::stop); }

void I2cV1::address_cleared() {
    if (called_) {
        if (sends_) load();
        return released();
    }
    if (!is_read_ && !dr_full_) set_flags(TXE);
    proceed();
}

// ---- what has been done ----

void I2cV1::start_done() {
    value(CR1) &= ~(START | PEC);
    value(SR2) |= MSL;
    set_flags(SB);
    advance();
}

void I2cV1::address_done() {
    is_read_ = (shift_ & 1) != 0;
    if ((shift_ & ten_bit_mask) != ten_bit_header) {
        I2cTarget* found = wire_.find(shift_ >> 1);
        return select(found, found != nullptr && found->start(is_read_));
    }
    const uint8_t before = std::exchange(header_, shift_);
    if (is_read_)                               // the target that heard both address bytes before
        return select(target_, target_ != nullptr && (before | 1) == shift_ && target_->start(true));
    if (!wire_.has_ten_bit(static_cast<uint16_t>(shift_ & 6u) << 7)) return select(nullptr, false);
    set_flags(ADD10);
    advance();
}

void I2cV1::second_done() {
    I2cTarget* found = wire_.find(static_cast<uint16_t>(I2cWire::ten_bit | (header_ & 6u) << 7 | shift_));
    select(found, found != nullptr && found->start(false));
}

// After an address byte: by whom it was answered, if at all.
void I2cV1::select(I2cTarget* next, bool acknowledged) {
    if (target_ != nullptr && target_ != next) target_->leave();
    target_ = next;
    if (!acknowledged) {
        refused_ = true;
        set_flags(AF);
        return advance();
    }
    set_flags(ADDR);
    value(SR2) |= is_read_ ? 0u : TRA;
    owes_byte_ = is_read_;
    acknowledged_before_ = (value(CR1) & ACK) != 0;
    last_item_ = false;
    advance();
}

void I2cV1::byte_answered(bool acknowledged) {
    if (!acknowledged) {
        refused_ = true;
        set_flags(AF);
    }
    advance();
    if (phase_ == Phase::hold && !refused_ && !dr_full_) set_flags(BTF);
}

// The eighth bit is in: ACK or NACK is decided now (RM0090 27.6.1, POS; 27.3.7, LAST).
void I2cV1::receive_done() {
    const bool acknowledge = (value(CR1) & ACK) != 0;
    shift_ = target_->read();
    owes_byte_ = false;
    const bool is_position = (value(CR1) & POS) != 0, is_last = std::exchange(last_item_, false), pec = wants_pec();
    acknowledges_ = is_position ? acknowledged_before_ : acknowledge;
    const bool is_pec = (is_position ? pec_before_ : pec) || (is_last && (value(CR1) & ENPEC) != 0);
    if (is_wrong_pec(shift_, is_pec) || is_last) acknowledges_ = false;
    acknowledged_before_ = acknowledge;
    pec_before_ = pec && !is_pec;
    wait_periods(byte_periods - byte_bits, Phase::acknowledge);
}

void I2cV1::acknowledge_done() {
    refused_ = !acknowledges_;
    target_->read_answered(acknowledges_);
    shift_full_ = (value(SR1) & RXNE) != 0;
    owes_byte_ = acknowledges_ && !shift_full_;             // on the wire already, also when the target holds SCL in front of it
    if (!shift_full_) value(DR) = shift_;
    set_flags(shift_full_ ? BTF : RXNE);
    advance();
}

void I2cV1::stop_done() {
    value(CR1) &= ~(STOP | PEC);
    value(SR2) &= ~(MSL | BUSY | TRA);
    clear_flags(SB | ADD10 | TXE | (is_read_ ? 0u : BTF));
    dr_full_ = false;
    end_bus();
    if ((value(CR1) & PE) == 0) disable();
    else proceed();
}

void I2cV1::let_go() {
    warn_once(warned_pe_, "PE is cleared in the middle of a transfer: the bus is let go without a STOP");
    abandon();
    disable();
}

// ---- others on the wire ----

void I2cV1::set_busy(bool is_busy) { value(SR2) = (value(SR2) & ~BUSY) | (is_busy ? BUSY : 0u); }

void I2cV1::lose_arbitration() {
    value(CR1) &= ~(START | STOP);
    value(SR2) &= ~(MSL | TRA);
    clear_flags(SB | ADDR | ADD10 | TXE);
    set_flags(ARLO);
}

// RM0090 27.3.4: a slave lets go of the lines, a master goes on.
void I2cV1::bus_error() {
    if ((value(CR1) & PE) == 0) return;
    set_flags(BERR);
    if (called_) leave();
}

void I2cV1::time_out() {
    set_flags(TIMEOUT);
    if (called_) return leave();
    if (phase_ != Phase::hold) return;
    at_ = scheduler_.moment();
    answer_due_ = false;
    begin_stop();
}

}  // namespace tinysim::stm32
