// I2C v2 as slave: called by another master of the same wire. RM0351 39.4.7.
#include "soc/stm32/i2c_v2.h"
#include "soc/stm32/i2c_v2_registers.h"

namespace tinysim::stm32 {

using namespace i2c_v2;

namespace {
constexpr uint32_t seven_bits = 0x7F, ten_bit_top = 0x300, ten_bit_code = 0x78, least_plain = 0x08, any_address = 7;
constexpr uint8_t idle_wire = 0xFF;
}  // namespace

bool I2cV2::answers(uint16_t address) {
    const uint32_t first = value(OAR1);
    if ((value(CR1) & PE) == 0) return false;
    called_as_ = address & seven_bits;
    if (address == 0) return (value(CR1) & GCEN) != 0;
    if ((address & I2cWire::ten_bit) != 0) {
        called_as_ = ten_bit_code | (address >> 8 & 3u);
        return answers_header(address & ten_bit_top) && (first & OA1) == (address & OA1);
    }
    return ((first & (OAEN | OA1MODE)) == OAEN && (first >> 1 & seven_bits) == address) || answers_second(address) || answers_smbus(address);
}

bool I2cV2::answers_header(uint16_t top_bits) const {
    return (value(CR1) & PE) != 0 && (value(OAR1) & (OAEN | OA1MODE)) == (OAEN | OA1MODE) &&
           (value(OAR1) & ten_bit_top) == top_bits;
}

// RM0351 39.7.4: OA2MSK low bits do not count; with any masked, reserved addresses are not answered.
bool I2cV2::answers_second(uint16_t address) const {
    const uint32_t second = value(OAR2), masked = second >> oa2msk_at & 7;
    if ((second & OAEN) == 0) return false;
    if (masked != 0 && (address < least_plain || address >= ten_bit_code)) return false;
    return masked == any_address || ((second >> 1 & seven_bits) ^ address) >> masked == 0;
}

bool I2cV2::start(bool is_read) {
    if ((value(CR1) & PE) == 0) return false;
    if (!std::exchange(called_, true)) begin_pec();
    add_to_pec(static_cast<uint8_t>(called_as_ << 1 | (is_read ? 1u : 0u)));
    sends_ = is_read;
    loaded_ = refused_ = false;
    checked_ = Check::none;
    value(CR2) &= ~(NACK | PECBYTE);
    left_ = nbytes();
    clear_flags(DIR | ADDCODE);
    set_flags(ADDR | (is_read ? DIR : 0u) | called_as_ << addcode_at);
    if (is_read && (value(CR1) & NOSTRETCH) != 0) load();
    update_lines();
    return true;
}

bool I2cV2::holds_scl() const {
    if (!called_ || refused_ || (value(CR1) & NOSTRETCH) != 0) return false;
    return (value(ISR) & ADDR) != 0 || (sends_ ? !loaded_ : shift_full_ || (value(ISR) & TCR) != 0);
}

bool I2cV2::take_byte(uint8_t byte) {
    checked_ = check_pec(byte);
    refused_ = !acknowledges();
    if ((value(ISR) & RXNE) == 0) {
        deliver(byte);
    } else if ((value(CR1) & NOSTRETCH) != 0) {
        warn_once(warned_overrun_, "ISR.OVR: a byte came while RXDR was unread and NOSTRETCH is set; it is lost and not acknowledged");
        set_flags(OVR);
        refused_ = true;
    } else {
        shift_ = byte;
        shift_full_ = true;
        refused_ = false;                       // the answer follows the read of RXDR
    }
    update_lines();
    return !refused_;
}

// A PEC is answered by what it is (RM0351 39.4.13).
bool I2cV2::acknowledges() const { return called_ && (checked_ == Check::none ? !has(NACK) : checked_ == Check::passed); }

void I2cV2::deliver(uint8_t byte) {
    value(RXDR) = byte;
    set_flags(RXNE);
    if ((value(CR1) & SBC) != 0 && left_ > 0 && --left_ == 0 && has(RELOAD)) set_flags(TCR);
}

uint8_t I2cV2::give_byte() {
    if (loaded_) return shift_;
    warn_once(warned_overrun_, "ISR.OVR: TXDR was not written in time and NOSTRETCH is set; 0xFF is sent");
    set_flags(OVR);
    update_lines();
    return idle_wire;
}

void I2cV2::byte_given(bool acknowledged) {
    loaded_ = false;
    refused_ = !acknowledged;
    if (refused_) set_flags(NACKF);
    else load();
    update_lines();
}

void I2cV2::load() {
    if (!take_next()) return;
    loaded_ = true;
    if ((value(CR1) & SBC) != 0 && left_ > 0) --left_;
}

void I2cV2::stop() {
    if (!called_) return;
    set_flags(STOPF);
    leave();
}

void I2cV2::leave() {
    const bool held = holds_scl();
    called_ = loaded_ = refused_ = shift_full_ = false;
    checked_ = Check::none;
    value(CR2) &= ~(NACK | PECBYTE);
    clear_flags(ADDR | TCR);
    if (held) wire_.release_scl();
    update_lines();
}

}  // namespace tinysim::stm32
