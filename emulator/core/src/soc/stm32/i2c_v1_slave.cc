// I2C v1 as slave: called by another master of the same wire. RM0090 27.3.2.
#include "soc/stm32/i2c_v1.h"

namespace tinysim::stm32 {

using namespace i2c_v1;

namespace {
constexpr uint32_t ten_bit_top = 0x300, seven_bits = 0x7F;
}  // namespace

bool I2cV1::answers(uint16_t address) {
    const uint32_t control = value(CR1), first = value(OAR1), second = value(OAR2);
    if ((control & (PE | ACK)) != (PE | ACK)) return false;
    called_as_ = 0;
    called_for_alert_ = false;
    called_address_ = static_cast<uint8_t>(address & seven_bits);
    if (answers_smbus(address)) return true;
    if (address == 0) {
        called_as_ = GENCALL;
        return (control & ENGC) != 0;
    }
    if ((first & ADDMODE) != 0) return address == (I2cWire::ten_bit | (first & ADD));
    if (address == (first >> 1 & seven_bits)) return true;
    called_as_ = DUALF;
    return (second & ENDUAL) != 0 && address == (second >> 1 & seven_bits);
}

bool I2cV1::answers_header(uint16_t top_bits) const {
    return (value(CR1) & (PE | ACK)) == (PE | ACK) && (value(OAR1) & ADDMODE) != 0 && (value(OAR1) & ten_bit_top) == top_bits;
}

bool I2cV1::start(bool is_read) {
    if ((value(CR1) & (PE | ACK)) != (PE | ACK)) return false;
    if (!std::exchange(called_, true)) pec_ = 0;
    add_to_pec(static_cast<uint8_t>(called_address_ << 1 | (is_read ? 1 : 0)));
    value(CR1) &= ~PEC;
    sends_ = is_read;
    loaded_ = dr_full_ = refused_ = false;
    value(SR2) = BUSY | called_as_ | (is_read ? TRA : 0u);
    clear_flags(TXE | (is_read ? BTF : 0u));
    set_flags(ADDR | (called_for_alert_ ? SMBALERT : 0u));
    update_lines();
    return true;
}

bool I2cV1::holds_scl() const {
    if (!called_ || refused_ || (value(CR1) & NOSTRETCH) != 0) return false;
    return (value(SR1) & ADDR) != 0 || (sends_ ? !loaded_ : shift_full_);
}

bool I2cV1::take_byte(uint8_t byte) {
    refused_ = is_wrong_pec(byte, wants_pec()) || (value(CR1) & ACK) == 0;
    if ((value(SR1) & RXNE) == 0) {
        value(DR) = byte;
        set_flags(RXNE);
    } else if ((value(CR1) & NOSTRETCH) != 0) {
        warn_once(warned_overrun_, "SR1.OVR: a byte came while DR was unread and NOSTRETCH is set; it is lost");
        set_flags(OVR);
    } else {
        shift_ = byte;
        shift_full_ = true;
        set_flags(BTF);
    }
    update_lines();
    return !refused_;
}

// Underrun: the byte before is sent again (RM0090 27.3.4).
uint8_t I2cV1::give_byte() {
    if (!loaded_) {
        warn_once(warned_overrun_, "SR1.OVR: DR was not written in time and NOSTRETCH is set; the byte before is sent again");
        set_flags(OVR);
        update_lines();
    }
    return shift_;
}

void I2cV1::byte_given(bool acknowledged) {
    loaded_ = false;
    refused_ = !acknowledged;
    if (refused_) set_flags(AF);
    else if (dr_full_ || wants_pec()) load();
    else set_flags(BTF);
    update_lines();
}

// DR or the PEC into the shift register, if there is something.
void I2cV1::load() {
    if (dr_full_ || wants_pec()) {
        const bool is_pec = !std::exchange(dr_full_, false);
        shift_ = is_pec ? take_pec() : static_cast<uint8_t>(value(DR));
        if (!is_pec) add_to_pec(shift_);
        loaded_ = true;
    }
    if (!wants_pec()) set_flags(TXE);
    released();
}

void I2cV1::stop() {
    if (!called_) return;
    if (!refused_) set_flags(STOPF);
    leave();
}

void I2cV1::leave() {
    const bool held = holds_scl();
    called_ = loaded_ = dr_full_ = refused_ = false;
    value(SR2) &= ~(TRA | GENCALL | SMBDEFAULT | SMBHOST | DUALF);
    value(CR1) &= ~PEC;
    clear_flags(ADDR | TXE | (sends_ ? BTF : 0u));
    if (held) wire_.release_scl();
    update_lines();
}

}  // namespace tinysim::stm32
