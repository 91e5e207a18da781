#include "soc/stm32/i2c_v2.h"

#include "soc/stm32/i2c_v2_registers.h"

namespace tinysim::stm32 {

using namespace i2c_v2;

namespace {
constexpr int idle_priority = 50;
}  // namespace

I2cV2::I2cV2(const Construction& construction)
    : I2cBlock(construction, table), idle_event_(name_ + ".idle", idle_priority, [this](Tick) {
          told_idle_ = true;
          set_flags(TIMEOUT);
          update_lines();
      }) {
    wait_in_stop({&idle_event_});
}

void I2cV2::set_flags(uint32_t flags) { value(ISR) |= flags; }
void I2cV2::clear_flags(uint32_t flags) { value(ISR) &= ~flags; }
uint32_t I2cV2::nbytes() const { return (value(CR2) & NBYTES) >> nbytes_at; }
bool I2cV2::has(uint32_t control2) const { return (value(CR2) & control2) != 0; }

bool I2cV2::wants_byte() const {
    if (dr_full_ || pec_is_next()) return false;
    const bool is_over = left_ == 0 && (value(CR1) & (SBC | PECEN)) == (SBC | PECEN);       // as slave: behind the PEC
    return (sends_data_ && left_ > 0) || (called_ && sends_ && !refused_ && !is_over && (value(ISR) & ADDR) == 0);
}

uint32_t I2cV2::status() const { return (value(ISR) & ~TXE) | when(!dr_full_, TXE) | when(wants_byte(), TXIS); }

uint32_t I2cV2::read_register(uint32_t offset) {
    if (offset == ISR) return status();
    return offset == RXDR ? read_rxdr() : value(offset);
}

void I2cV2::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case CR1: write_cr1(written); break;
    case CR2: write_cr2(written); break;
    case ISR: write_isr(written); break;
    case ICR: write_icr(written); break;
    case TXDR: write_txdr(written); break;
    case TIMINGR: write_timing(written); break;
    case TIMEOUTR: told_idle_ = false; [[fallthrough]];
    default: store(offset, written);
    }
    update_lines();
}

uint32_t I2cV2::read_rxdr() {
    const uint32_t byte = value(RXDR);
    clear_flags(RXNE);
    if (shift_full_) {
        if (called_) {
            deliver(shift_);
            shift_full_ = false;
            released();
        } else if (phase_ == Phase::hold && !is_held()) {
            take_received();
        }
    }
    update_lines();
    return byte;
}

// RM0351 39.4.6: PE cleared resets the state machine and the flags, and lets go of the lines.
void I2cV2::write_cr1(uint32_t written) {
    store(CR1, written);
    if ((written & PECEN) == 0) value(PECR) = 0;
    if ((written & PE) != 0) return proceed();
    abandon();
    disable();
}

void I2cV2::write_cr2(uint32_t written) {
    store(CR2, written);
    if ((value(CR1) & PE) == 0) return;
    value(CR2) |= written & requests;
    if (phase_ == Phase::idle) value(CR2) &= ~STOP;
    if ((value(ISR) & ADDR) != 0) left_ = nbytes();
    if ((value(ISR) & TCR) != 0 && nbytes() != 0) {
        left_ = nbytes();
        clear_flags(TCR);
        released();
    }
    proceed();
}

void I2cV2::write_isr(uint32_t written) {
    if ((written & TXE) != 0) dr_full_ = false;
}

void I2cV2::write_icr(uint32_t written) {
    const bool was_called = (value(ISR) & written & ADDR) != 0;
    clear_flags(written & clearable);
    if (!was_called) return;
    if (sends_) load();
    released();
}

void I2cV2::write_txdr(uint32_t written) {
    store(TXDR, written);
    dr_full_ = true;
    if (called_ && sends_ && !loaded_ && (value(ISR) & ADDR) == 0) {
        load();
        released();
    }
    proceed();
}

void I2cV2::write_timing(uint32_t written) {
    if ((value(CR1) & PE) != 0) warn_once(warned_timing_, "TIMINGR is written while PE is set (RM0351 39.7.5: only without)");
    store(TIMINGR, written);
}

void I2cV2::disable() {
    const bool held = holds_scl();
    value(CR2) &= ~requests;
    value(ISR) = TXE;
    value(PECR) = 0;
    told_idle_ = false;
    checked_ = Check::none;
    shift_full_ = dr_full_ = refused_ = called_ = loaded_ = sends_data_ = turns_ = false;
    if (held) wire_.release_scl();
}

void I2cV2::update_lines() {
    watch_alert();
    const uint32_t now = status(), control = value(CR1);
    // CR1 bits 1..6 enable ISR bits 1..6; TCIE TCR as well.
    const uint32_t events = now & control & (TXIS | RXNE | ADDR | NACKF | STOPF | TC);
    irq_.set(events != 0 || ((control & TCIE) != 0 && (now & TCR) != 0));
    error_irq_.set((control & ERRIE) != 0 && (now & errors) != 0);
    transmit_request_.set((control & TXDMAEN) != 0 && (now & TXIS) != 0);
    receive_request_.set((control & RXDMAEN) != 0 && (now & RXNE) != 0);
    watch_low();
    watch_idle();
}

void I2cV2::state(Archive& archive) {
    I2cBlock::state(archive);
    archive(left_, called_as_, sends_data_, turns_, checked_, idle_event_, told_idle_, alerted_, warned_clock_, warned_speed_, warned_timing_, warned_overrun_);
}

}  // namespace tinysim::stm32
