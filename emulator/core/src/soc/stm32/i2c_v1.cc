#include "soc/stm32/i2c_v1.h"

namespace tinysim::stm32 {

using namespace i2c_v1;

namespace {
constexpr uint32_t cr1_writable = 0xBFFB, cr2_writable = 0x1F3F, ccr_writable = 0xCFFF;
constexpr Register table[] = {
    {"CR1", 0, cr1_writable}, {"CR2", 0, cr2_writable}, {"OAR1", 0, 0xC3FF}, {"OAR2", 0, 0xFF}, {"DR", 0, 0xFF},
    {"SR1", 0, 0}, {"SR2", 0, 0}, {"CCR", 0, ccr_writable}, {"TRISE", 2, 0x3F}, {"FLTR", 0, 0x1F},
};
constexpr size_t without_filter = 9;                    // F405, F407 and the first F41x have no FLTR
constexpr uint32_t errors = BERR | ARLO | AF | OVR | PECERR | TIMEOUT | SMBALERT;       // rc_w0
constexpr uint32_t events = SB | ADDR | BTF | ADD10 | STOPF;
constexpr uint32_t cleared_without_pe = START | STOP | ACK | POS | PEC | ALERT;

RegisterTable table_of(const Construction& construction) {
    return construction.number("noiseFilter", 0) != 0 ? RegisterTable(table) : RegisterTable(table).first(without_filter);
}
}  // namespace

I2cV1::I2cV1(const Construction& construction) : I2cBlock(construction, table_of(construction)) {}

std::optional<Line::Sink> I2cV1::input(unsigned number) {
    if (number != 0) return I2cBlock::input(number);
    return [this](bool level) { last_item_ = last_item_ || (level && (value(CR2) & (DMAEN | LAST)) == (DMAEN | LAST)); };
}

// ---- registers ----

uint32_t I2cV1::read_register(uint32_t offset) {
    switch (offset) {
    case SR1: return seen_ = value(SR1);
    case SR2: return read_sr2();
    case DR: return read_dr();
    default: return value(offset);
    }
}

void I2cV1::write_register(uint32_t offset, uint32_t written) {
    if ((value(CR1) & SWRST) != 0 && offset != CR1) return;
    switch (offset) {
    case CR1: return write_cr1(written);
    case DR: return write_dr(static_cast<uint8_t>(written));
    case SR1:
        clear_flags(~written & errors);
        return update_lines();
    case CCR:
    case TRISE: return write_timing(offset, written);
    default: store(offset, written);
    }
    update_lines();
}

// RM0090 27.6.7: SR1, then SR2 clears ADDR. What is read is SR2 before.
uint32_t I2cV1::read_sr2() {
    const uint32_t status = value(SR2) | static_cast<uint32_t>(pec_) << pec_at;
    if ((value(SR1) & seen_ & ADDR) != 0) {
        clear_flags(ADDR);
        address_cleared();
        update_lines();
    }
    return status;
}

uint32_t I2cV1::read_dr() {
    const uint32_t byte = value(DR);
    clear_flags(RXNE | BTF);
    if (std::exchange(shift_full_, false)) {
        value(DR) = shift_;
        set_flags(RXNE);
        proceed();
        released();
    }
    update_lines();
    return byte;
}

void I2cV1::write_cr1(uint32_t written) {
    if ((written & SWRST) != 0) {
        reset();
        value(CR1) = SWRST;
        return;
    }
    clear_flags(seen_ & STOPF);
    store(CR1, written);
    if ((written & ENPEC) == 0) pec_ = 0;
    if (wants_pec()) clear_flags(TXE);              // RM0090 27.6.6: not set when the next byte is a PEC
    if (wants_pec() && called_ && sends_ && !loaded_ && (value(SR1) & ADDR) == 0) load();
    if ((written & PE) == 0) {
        if (phase_ == Phase::hold) let_go();
        if (phase_ == Phase::idle) disable();
    } else {
        if (phase_ == Phase::idle) value(CR1) &= ~STOP;
        proceed();
    }
    update_lines();
}

void I2cV1::write_dr(uint8_t byte) {
    value(DR) = byte;
    if (phase_ == Phase::hold && (value(SR1) & SB) != 0) {
        if ((seen_ & SB) == 0) return warn_once(warned_sb_, "DR is written while SB is set and SR1 was not read: no address is sent");
        clear_flags(SB);
        begin_address(byte);
    } else if (phase_ == Phase::hold && (value(SR1) & ADD10) != 0) {
        if ((seen_ & ADD10) == 0) return;
        clear_flags(ADD10);
        at_ = scheduler_.now();
        shift_ = byte;
        wait_periods(9, Phase::second);
    } else if ((value(SR2) & TRA) != 0) {
        dr_full_ = true;
        if (std::exchange(last_item_, false)) value(CR1) |= (value(CR1) & ENPEC) != 0 ? PEC : 0u;      // RM0090 27.3.8, with DMA
        clear_flags(TXE | BTF);
        if (called_ && !loaded_) load();
        proceed();
    } else {
        clear_flags(RXNE);
    }
    update_lines();
}

void I2cV1::write_timing(uint32_t offset, uint32_t written) {
    if ((value(CR1) & PE) != 0) warn_once(warned_timing_, "CCR or TRISE is written while PE is set (RM0090 27.6.8: only without)");
    store(offset, written);
}

void I2cV1::disable() {
    const bool held = holds_scl();
    value(CR1) &= ~cleared_without_pe;
    value(SR1) = seen_ = called_as_ = 0;
    value(SR2) = bus_taken() ? BUSY : 0u;
    shift_full_ = dr_full_ = refused_ = last_item_ = called_ = loaded_ = pec_before_ = false;
    pec_ = 0;
    if (held) wire_.release_scl();
}

void I2cV1::update_lines() {
    watch_alert();
    const uint32_t status = value(SR1), control = value(CR2);
    irq_.set((control & ITEVTEN) != 0 && ((status & events) != 0 || ((control & ITBUFEN) != 0 && (status & (TXE | RXNE)) != 0)));
    error_irq_.set((control & ITERREN) != 0 && (status & errors) != 0);
    transmit_request_.set((control & DMAEN) != 0 && (status & TXE) != 0);
    receive_request_.set((control & DMAEN) != 0 && (status & RXNE) != 0);
    watch_low();
}

void I2cV1::state(Archive& archive) {
    I2cBlock::state(archive);
    archive(seen_, called_as_, header_, acknowledges_, acknowledged_before_, last_item_, pec_, called_address_, pec_before_,
            called_for_alert_, alerted_, warned_clock_, warned_speed_, warned_freq_, warned_sb_, warned_pe_, warned_timing_, warned_overrun_);
}

}  // namespace tinysim::stm32
