#include "soc/nrf/twim.h"

namespace tinysim::nrf {

Twim::Twim(const Construction& construction, TwiRegisters& registers)
    : registers_(registers), rx_(construction, EasyDma::Direction::to_memory),
      tx_(construction, EasyDma::Direction::from_memory) {}

void Twim::on_start(bool is_read) {
    (is_read ? rx_ : tx_).start();
    registers_.report(is_read ? twi::rxstarted : twi::txstarted);
}

bool Twim::on_byte(bool is_read) {
    const uint32_t left = (is_read ? rx_ : tx_).left();
    if (left == 0) return false;
    if (left == 1) registers_.report(is_read ? twi::lastrx : twi::lasttx);
    return true;
}

void Twim::on_sent(bool acknowledged) {
    if (tx_.left() == 0 && tx_.is_running()) tx_.finish();
    if (!acknowledged) registers_.report_error(twi::dnack);
}

void Twim::on_received(uint8_t byte) {
    rx_.put(byte);
    if (rx_.left() == 0) rx_.finish();
}

void Twim::on_end() {
    if (rx_.is_running()) rx_.finish();
    if (tx_.is_running()) tx_.finish();
}

}  // namespace tinysim::nrf
