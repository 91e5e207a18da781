// SMBus in I2C v2: its own addresses, PEC, alert, time-outs. RM0351 39.4.11 to 39.4.14.
#include "soc/stm32/i2c_smbus.h"
#include "soc/stm32/i2c_v2.h"
#include "soc/stm32/i2c_v2_registers.h"

namespace tinysim::stm32 {

using namespace i2c_v2;

namespace {
constexpr int64_t low_clocks = 2048, idle_clocks = 4;
}  // namespace

bool I2cV2::answers_smbus(uint16_t address) const {
    const uint32_t control = value(CR1);
    switch (address) {
    case smbus::host_address: return (control & SMBHEN) != 0;
    case smbus::device_default_address: return (control & SMBDEN) != 0;
    case smbus::alert_response_address: return (control & (ALERTEN | SMBHEN)) == ALERTEN;
    default: return false;
    }
}

// ---- PEC ----

// RM0351 39.7.2: RELOAD takes PECBYTE its effect; a slave counts with SBC alone.
bool I2cV2::pec_is_next() const {
    return left_ == 1 && (value(CR1) & PECEN) != 0 && has(PECBYTE) && !has(RELOAD) && (!called_ || (value(CR1) & SBC) != 0);
}

void I2cV2::begin_pec() { value(PECR) = 0; }

void I2cV2::add_to_pec(uint8_t byte) {
    if ((value(CR1) & PECEN) != 0) value(PECR) = smbus::with_byte(static_cast<uint8_t>(value(PECR)), byte);
}

uint8_t I2cV2::take_pec() {
    value(CR2) &= ~PECBYTE;
    return static_cast<uint8_t>(value(PECR));
}

I2cV2::Check I2cV2::check_pec(uint8_t byte) {
    if (!pec_is_next()) {
        add_to_pec(byte);
        return Check::none;
    }
    if (take_pec() == byte) return Check::passed;
    set_flags(PECERR);
    return Check::failed;
}

// ---- alert ----

// A device pulls the pin low, a host watches it.
void I2cV2::watch_alert() {
    const uint32_t control = value(CR1);
    const bool enabled = (control & (PE | ALERTEN)) == (PE | ALERTEN), is_host = (control & SMBHEN) != 0;
    smba_.set(!enabled || is_host);
    const bool alert = enabled && is_host && !smba_pin_;
    if (alert && !alerted_) set_flags(ALERT);
    alerted_ = alert;
}

// ---- time-outs ----

Tick I2cV2::limit_ticks(uint32_t count, int64_t clocks) const {
    return (value(CR1) & PE) == 0 ? 0 : capped_ticks(kernel_ticks(), int64_t{(count & TIMEOUTA) + 1} * clocks);
}

Tick I2cV2::low_limit_ticks() const {
    const uint32_t control = value(TIMEOUTR);
    return (control & (TIMOUTEN | TIDLE)) == TIMOUTEN ? limit_ticks(control, low_clocks) : 0;
}

Tick I2cV2::extension_limit_ticks() const {
    const uint32_t control = value(TIMEOUTR);
    return (control & TEXTEN) != 0 ? limit_ticks(control >> timeoutb_at, low_clocks) : 0;
}

// Both lines high (RM0351 39.4.12, bus idle detection).
void I2cV2::watch_idle() {
    const uint32_t control = value(TIMEOUTR);
    const bool is_idle = phase_ == Phase::idle && !bus_taken() && !is_held();
    if (!is_idle) told_idle_ = false;
    const bool wanted = is_idle && !told_idle_ && (control & (TIMOUTEN | TIDLE)) == (TIMOUTEN | TIDLE);
    const Tick limit = wanted ? limit_ticks(control, idle_clocks) : 0;
    if (limit == 0) scheduler_.cancel(idle_event_);
    else if (!idle_event_.is_scheduled()) scheduler_.after(idle_event_, limit);
}

}  // namespace tinysim::stm32
