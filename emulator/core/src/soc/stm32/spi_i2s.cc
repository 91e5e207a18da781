// I2S: words of 16 bits, two per channel for data of 24 and 32 bits; the clock comes from the kernel clock (RM0090 28.4.4).
#include "soc/stm32/bit_order.h"
#include "soc/stm32/spi.h"
#include "soc/stm32/spi_registers.h"

namespace tinysim::stm32 {

using namespace spi;

namespace {
constexpr unsigned word_bits = 16;
}  // namespace

bool Spi::is_i2s() const { return has_i2s_ && has(I2SCFGR, I2SMOD); }
bool Spi::i2s_sends() const { return !has(I2SCFGR, i2s_receives); }
bool Spi::i2s_masters() const { return has(I2SCFGR, spi::i2s_masters); }
unsigned Spi::words_per_channel() const { return (value(I2SCFGR) >> data_length_at & 3) == 0 ? 1 : 2; }

Tick Spi::i2s_bit_ticks() const {
    const uint32_t prescaler = value(I2SPR), wide = value(I2SCFGR) & CHLEN;
    const Tick divider = 2 * (prescaler & 0xFF) + (prescaler >> 8 & 1);
    return kernel_ticks() * divider * ((prescaler & MCKOE) == 0 ? 1 : wide != 0 ? 4 : 8);
}

// Data of 16 bits in a channel of 32 bits is followed by 16 that carry nothing.
Tick Spi::word_ticks() const {
    const bool padded = words_per_channel() == 1 && has(I2SCFGR, CHLEN);
    return i2s_bit_ticks() * (padded ? 2 * word_bits : word_bits);
}

void Spi::begin_i2s() {
    sent_words_ = heard_words_ = 0;
    if (i2s_masters() && (value(I2SPR) & 0xFF) < 2) warn_once(warned_divider_, "I2SPR.I2SDIV is below 2, which RM0090 28.5.9 forbids");
    run_i2s(scheduler_.now());
}

void Spi::run_i2s(Tick from) {
    if (shifting_ || !has(I2SCFGR, I2SE) || !i2s_masters() || is_companion_) return;
    if (word_ticks() == 0) return warn_once(warned_clock_, "I2S is a master and its kernel clock stands still: is PLLI2S on?");
    if (i2s_sends() && transmit_.empty()) return;
    shifting_ = true;
    began_ = from;
    if (i2s_sends()) shift_ = next_word();
    scheduler_.at(frame_event_, from + word_ticks());
}

// As a slave on another's wire.
uint16_t Spi::exchange_word(uint16_t in) {
    if (i2s_sends()) shift_ = next_word();
    else word_heard(in);
    update_lines();
    return i2s_sends() ? shift_ : 0xFFFF;
}

// CHSIDE: of the word to be written next, or of the one that waits in DR.
bool Spi::on_right_channel() const {
    if (!is_i2s() || (value(I2SCFGR) & I2SSTD) == i2s_pcm) return false;
    const unsigned channel = words_per_channel(), frame = 2 * channel;
    return (i2s_sends() ? sent_words_ : (heard_words_ + frame - 1) % frame) >= channel;
}

uint16_t Spi::next_word() {
    if (transmit_.empty()) {
        if (!i2s_masters()) flags_ |= UDR;
        return shift_;
    }
    sent_words_ = static_cast<uint8_t>((sent_words_ + 1) % (2 * words_per_channel()));
    return take(transmit_, 1);
}

// The master's word is over: what stood on the line goes to the receiver, the companion runs along.
void Spi::on_word(Tick from, Tick at) {
    const bool companion_sends = companion_ != nullptr && companion_->has(I2SCFGR, I2SE) && companion_->i2s_sends();
    const bool companion_hears = companion_ != nullptr && companion_->has(I2SCFGR, I2SE) && !companion_->i2s_sends();
    const uint16_t out = i2s_sends() ? shift_ : companion_sends ? companion_->next_word() : 0xFFFF;
    const uint16_t in = word_on_line(out, from);
    if (!i2s_sends()) word_heard(in);
    if (companion_hears) companion_->word_heard(in);
    if (companion_ != nullptr) companion_->update_lines();
    update_lines();
    run_i2s(at);
    if (!shifting_ && i2s_sends()) warn_once(warned_dry_, "I2S has nothing to send: the clock stops until DR is written");
    update_lines();
}

uint16_t Spi::word_on_line(uint16_t out, Tick from) {
    PdmSource* microphone = microphones_.find(0);
    if (microphone == nullptr) return wire_.exchange(out, word_bits);
    return static_cast<uint16_t>(reversed(microphone->bits(from, i2s_bit_ticks(), word_bits), word_bits));  // first bit highest
}

void Spi::word_heard(uint16_t in) {
    counts_.produced();
    heard_words_ = static_cast<uint8_t>((heard_words_ + 1) % (2 * words_per_channel()));
    if (!deliver(in, 1)) counts_.lost();
}

}  // namespace tinysim::stm32
