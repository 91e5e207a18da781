// SMBus in I2C v1: its own addresses, PEC, alert, time-outs. RM0090 27.3.5, 27.3.8.
#include "soc/stm32/i2c_smbus.h"
#include "soc/stm32/i2c_v1.h"

namespace tinysim::stm32 {

using namespace i2c_v1;

namespace {
constexpr int64_t low_ms = 25, master_extension_ms = 10, slave_extension_ms = 25;
}  // namespace

bool I2cV1::answers_smbus(uint16_t address) {
    const uint32_t control = value(CR1);
    if ((control & SMBUS) == 0) return false;
    const bool is_host = (control & SMBTYPE) != 0;
    if (address == smbus::alert_response_address) return called_for_alert_ = !is_host && (control & ALERT) != 0;
    if ((control & ENARP) == 0 || address != (is_host ? smbus::host_address : smbus::device_default_address)) return false;
    called_as_ = is_host ? SMBHOST : SMBDEFAULT;
    return true;
}

// ---- PEC ----

bool I2cV1::wants_pec() const { return (value(CR1) & (ENPEC | PEC)) == (ENPEC | PEC); }

bool I2cV1::sends_pec() const {
    return wants_pec() && !is_read_ && !refused_ && !dr_full_ && (value(SR1) & (SB | ADD10 | ADDR)) == 0;
}

void I2cV1::add_to_pec(uint8_t byte) {
    if ((value(CR1) & ENPEC) != 0) pec_ = smbus::with_byte(pec_, byte);
}

uint8_t I2cV1::take_pec() {
    value(CR1) &= ~PEC;
    return pec_;
}

bool I2cV1::is_wrong_pec(uint8_t byte, bool is_pec) {
    if (!is_pec) {
        add_to_pec(byte);
        return false;
    }
    const bool is_wrong = take_pec() != byte;
    if (is_wrong) set_flags(PECERR);
    return is_wrong;
}

// ---- alert ----

// A device pulls the pin low, a host watches it.
void I2cV1::watch_alert() {
    const uint32_t control = value(CR1);
    const bool is_on = (control & (PE | SMBUS)) == (PE | SMBUS), is_host = (control & SMBTYPE) != 0;
    smba_.set(!is_on || is_host || (control & ALERT) == 0);
    const bool alert = is_on && is_host && !smba_pin_;
    if (alert && !alerted_) set_flags(SMBALERT);
    alerted_ = alert;
}

// ---- time-outs ----

Tick I2cV1::low_limit_ticks() const {
    return (value(CR1) & (PE | SMBUS)) == (PE | SMBUS) ? scheduler_.ticks_per_second() / 1000 * low_ms : 0;
}

Tick I2cV1::extension_limit_ticks() const {
    if ((value(CR1) & (PE | SMBUS)) != (PE | SMBUS)) return 0;
    return scheduler_.ticks_per_second() / 1000 * (called_ ? slave_extension_ms : master_extension_ms);
}

}  // namespace tinysim::stm32
