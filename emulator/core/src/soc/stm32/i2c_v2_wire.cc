// The master's wire of I2C v2: START with the address behind it, NBYTES bytes, then STOP, TC or TCR. RM0351 39.4.8.
#include <algorithm>

#include "soc/stm32/i2c_v2.h"
#include "soc/stm32/i2c_v2_registers.h"

namespace tinysim::stm32 {

using namespace i2c_v2;

namespace {
constexpr int64_t fastest_hz = 1'000'000;
constexpr uint32_t sync_clocks = 2, seven_bits = 0x7F, ten_bit_header = 0xF0;
constexpr unsigned byte_bits = 8, byte_periods = 9;

uint8_t header_of(uint32_t control2, bool is_read) {
    return static_cast<uint8_t>(ten_bit_header | (control2 >> 7 & 6u) | (is_read ? 1u : 0u));
}
}  // namespace

// ---- time ----

Tick I2cV2::scl_ticks(uint32_t count) const {
    const uint32_t prescaler = (value(TIMINGR) >> presc_at) + 1, filter_clocks = value(CR1) >> dnf_at & 15;
    return static_cast<Tick>((count + 1) * prescaler + sync_clocks + filter_clocks) * kernel_ticks();
}

Tick I2cV2::scl_low_ticks() const { return scl_ticks(value(TIMINGR) & 0xFF); }
Tick I2cV2::scl_high_ticks() const { return scl_ticks(value(TIMINGR) >> sclh_at & 0xFF); }

bool I2cV2::has_clock() {
    const Tick period = scl_low_ticks() + scl_high_ticks();
    if (period == 0) {
        warn_once(warned_clock_, "START is set while the clock that RCC_CCIPR selects stands still: there is no SCL");
        return false;
    }
    if (period < (scheduler_.ticks_per_second() + fastest_hz - 1) / fastest_hz)
        warn_once(warned_speed_, "TIMINGR makes SCL faster than 1 MHz, the most that Fast-mode Plus allows");
    return true;
}

// ---- what comes next ----

bool I2cV2::wants_start() const { return (value(CR1) & PE) != 0 && has(START); }

void I2cV2::begin_start(bool repeated) {
    if (!has_clock()) return;
    clear_flags(TC | TCR);
    set_flags(BUSY);
    sends_data_ = false;
    if (!repeated) begin_pec();
    begin_bus(repeated);
}

void I2cV2::begin_stop() {
    clear_flags(TC | TCR);
    sends_data_ = false;
    wait_periods(1, Phase::stop);
}

void I2cV2::advance() {
    phase_ = Phase::hold;
    if (is_held()) return;
    if (std::exchange(answer_due_, false)) return byte_answered(target_->acknowledges());
    if (is_read_ && shift_full_) {
        if ((value(ISR) & RXNE) == 0) take_received();
        return;
    }
    if (turns_) return begin_start(true);
    if (owes_byte_) return wait_periods(byte_bits, Phase::receive);
    if (refused_ || has(STOP)) return begin_stop();
    if (left_ == 0) return count_done();
    if (is_read_) return wait_periods(byte_bits, Phase::receive);
    if (!take_next()) return;
    --left_;
    wait_periods(byte_periods, Phase::send);
}

// TXDR or the PEC into the shift register, if there is something.
bool I2cV2::take_next() {
    if (pec_is_next()) {
        shift_ = take_pec();
        return true;
    }
    if (!dr_full_) return false;
    shift_ = static_cast<uint8_t>(value(TXDR));
    dr_full_ = false;
    add_to_pec(shift_);
    return true;
}

// At TC already, CR2 is that of the next transfer.
void I2cV2::count_done() {
    if ((value(ISR) & TC) != 0) return has(START) ? begin_start(true) : void();
    if (has(RELOAD)) return set_flags(TCR);
    if (has(AUTOEND)) return begin_stop();
    if (has(START)) return begin_start(true);
    set_flags(TC);
}

// ---- what has been done ----

void I2cV2::start_done() {
    const uint32_t control = value(CR2);
    const bool is_read = has(RD_WRN), turned = std::exchange(turns_, false);
    if (!has(ADD10)) shift_ = static_cast<uint8_t>((control & seven_bits << 1) | (is_read ? 1u : 0u));
    else shift_ = header_of(control, is_read && (turned || has(HEAD10R)));
    turns_ = has(ADD10) && is_read && (shift_ & 1) == 0;
    add_to_pec(shift_);
    wait_periods(byte_periods, Phase::address);
}

void I2cV2::address_done() {
    is_read_ = (shift_ & 1) != 0;
    if (!has(ADD10)) {
        I2cTarget* found = wire_.find(shift_ >> 1);
        return select(found, found != nullptr && found->start(is_read_));
    }
    if (is_read_)                               // the target that heard both address bytes before
        return select(target_, target_ != nullptr && target_->start(true));
    if (!wire_.has_ten_bit(static_cast<uint16_t>(shift_ & 6u) << 7)) return select(nullptr, false);
    add_to_pec(static_cast<uint8_t>(value(CR2)));
    wait_periods(byte_periods, Phase::second);
}

void I2cV2::second_done() {
    I2cTarget* found = wire_.find(static_cast<uint16_t>(I2cWire::ten_bit | (value(CR2) & SADD)));
    select(found, found != nullptr && found->start(false));
}

// After an address: by whom it was answered, if at all. NACK: STOP follows by itself.
void I2cV2::select(I2cTarget* next, bool acknowledged) {
    if (target_ != nullptr && target_ != next) target_->leave();
    target_ = next;
    refused_ = !acknowledged;
    if (refused_) set_flags(NACKF);
    turns_ = turns_ && acknowledged;
    left_ = nbytes();
    if (!turns_) value(CR2) &= ~START;
    sends_data_ = acknowledged && !is_read_ && !turns_;
    advance();
}

void I2cV2::byte_answered(bool acknowledged) {
    refused_ = !acknowledged;
    if (refused_) set_flags(NACKF);
    advance();
}

// The eighth bit is in. While RXDR is unread SCL is held in front of the acknowledge.
void I2cV2::receive_done() {
    shift_ = target_->read();
    owes_byte_ = false;
    check_pec(shift_);
    --left_;
    shift_full_ = true;
    advance();
}

void I2cV2::take_received() {
    value(RXDR) = shift_;
    shift_full_ = false;
    set_flags(RXNE);
    at_ = std::max(at_, scheduler_.moment());
    wait_periods(byte_periods - byte_bits, Phase::acknowledge);
}

void I2cV2::acknowledge_done() {
    const bool acknowledged = !has(STOP) && (left_ != 0 || has(RELOAD));
    target_->read_answered(acknowledged);
    owes_byte_ = acknowledged && left_ != 0;
    advance();
}

void I2cV2::stop_done() {
    value(CR2) &= ~(STOP | PECBYTE);
    clear_flags(BUSY);
    set_flags(STOPF);
    end_bus();
    proceed();
}

// ---- others on the wire ----

void I2cV2::set_busy(bool is_busy) {
    if ((value(CR1) & PE) == 0) return;
    clear_flags(BUSY);
    set_flags(is_busy ? BUSY : 0u);
}

void I2cV2::lose_arbitration() {
    value(CR2) &= ~(START | STOP);
    clear_flags(TC | TCR);
    sends_data_ = turns_ = shift_full_ = false;
    set_flags(ARLO);
}

// RM0351 39.4.16: the lines are let go of.
void I2cV2::bus_error() {
    if ((value(CR1) & PE) == 0 || (phase_ == Phase::idle && !called_)) return;
    set_flags(BERR);
    if (called_) return leave();
    value(CR2) &= ~(START | STOP);
    clear_flags(TC | TCR | BUSY);
    sends_data_ = turns_ = shift_full_ = false;
    abandon();
}

void I2cV2::time_out() {
    set_flags(TIMEOUT);
    if (called_) return leave();
    if (phase_ != Phase::hold) return;
    value(CR2) &= ~START;
    answer_due_ = turns_ = shift_full_ = false;
    at_ = scheduler_.moment();
    begin_stop();
}

}  // namespace tinysim::stm32
