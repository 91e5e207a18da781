#include "soc/nrf/twi.h"

namespace tinysim::nrf {

using namespace twi;

namespace {
enum Task : unsigned {
    startrx = 0,
    starttx = 2,
    spim_start = 4,
    stop = 5,
    suspend = 7,
    resume = 8,
    spis_acquire = 9,
    spis_release = 10,
    twis_preparerx = 12,
    twis_preparetx = 13
};
constexpr uint32_t errorsrc_offset = 0x4C4, enable_offset = 0x500, scl_offset = 0x508,
                   sda_offset = 0x50C, rxd_offset = 0x518, txd_offset = 0x51C,
                   frequency_offset = 0x524, rx_dma_offset = 0x534, tx_dma_offset = 0x544,
                   address_offset = 0x588;
constexpr uint32_t enabled_twi = 5, enabled_twim = 6, frequency_after_reset = 0x04000000,
                   disconnected = 0x80000000;

// 16 MHz cycles of one SCL period. The legacy TWI's 400 kHz is really 410.256 kHz (facts/timing.md
// A4); what lies between the named values follows 16 MHz * FREQUENCY / 2^32.
int64_t scl_cycles(uint32_t frequency) {
    switch (frequency) {
    case 0x01980000: return 160;
    case 0x04000000: return 64;
    case 0x06400000: return 40;
    case 0x06680000: return 39;
    default: return frequency == 0 ? int64_t{1} << 32 : (int64_t{1} << 32) / frequency;
    }
}
}  // namespace

bool LegacyTwi::on_byte(bool is_read) {
    if (!is_read && !txd_full_) return false;
    registers_.report(bb);
    return true;
}

void LegacyTwi::on_sent(bool acknowledged) {
    if (!acknowledged) registers_.report_error(dnack);
    registers_.report(txdsent);
}

void LegacyTwi::on_received(uint8_t byte) {
    if (rxd_full_) registers_.report_error(overrun);
    rxd_ = byte;
    rxd_full_ = true;
    registers_.report(rxdready);
}

NrfTwi::NrfTwi(const Construction& construction)
    : Peripheral(construction), bus_(name_, scheduler_), twim_(construction, *this),
      legacy_(*this) {
    has_tasks({startrx, starttx, spim_start, stop, suspend, resume, spis_acquire, spis_release,
               twis_preparerx, twis_preparetx});
    has_events(
        {stopped, rxdready, txdsent, error, bb, suspended, rxstarted, txstarted, lastrx, lasttx});
    has_shorts({{0, bb, suspend},
                {1, bb, stop},
                {7, lasttx, startrx},
                {8, lasttx, suspend},
                {9, lasttx, stop},
                {10, lastrx, starttx},
                {11, lastrx, suspend},
                {12, lastrx, stop}});
    NrfTwi::reset();
}

void NrfTwi::reset() {
    Peripheral::reset();
    bus_.abort();
    twim_.rx().reset();
    twim_.tx().reset();
    legacy_.reset();
    enable_ = errorsrc_ = address_register_ = 0;
    pins_.fill(0xFFFFFFFF);
    bus_.connect_pins(false);
    bus_.set_address(0);
    write_frequency(frequency_after_reset);
}

void NrfTwi::task(unsigned index) {
    if (enable_ != enabled_twi && enable_ != enabled_twim) return not_modelled();
    switch (index) {
    case startrx:
    case starttx:
        if (((pins_[0] | pins_[1]) & disconnected) != 0 && !std::exchange(warned_no_pins_, true))
            recorder_.warn(name_ +
                           ": PSEL.SCL or PSEL.SDA is not connected: nobody can answer on the bus");
        return bus_.start(index == startrx);
    case stop: return bus_.stop();
    case suspend: return bus_.suspend();
    case resume: return bus_.resume();
    default: return not_modelled();
    }
}

uint32_t NrfTwi::read_register(uint32_t offset) {
    if (offset >= rx_dma_offset && offset < rx_dma_offset + EasyDma::register_bytes)
        return twim_.rx().read_register(offset - rx_dma_offset);
    if (offset >= tx_dma_offset && offset < tx_dma_offset + EasyDma::register_bytes)
        return twim_.tx().read_register(offset - tx_dma_offset);
    switch (offset) {
    case errorsrc_offset: return errorsrc_;
    case enable_offset: return enable_;
    case scl_offset: return pins_[0];
    case sda_offset: return pins_[1];
    case rxd_offset: return legacy_.read_rxd();
    case txd_offset: return legacy_.txd();
    case frequency_offset: return frequency_;
    case address_offset: return address_register_;
    default: not_modelled(); return 0;
    }
}

void NrfTwi::write_register(uint32_t offset, uint32_t value) {
    if (offset >= rx_dma_offset && offset < rx_dma_offset + EasyDma::register_bytes)
        return twim_.rx().write_register(offset - rx_dma_offset, value);
    if (offset >= tx_dma_offset && offset < tx_dma_offset + EasyDma::register_bytes)
        return twim_.tx().write_register(offset - tx_dma_offset, value);
    switch (offset) {
    case errorsrc_offset: errorsrc_ &= ~value; break;
    case enable_offset: return write_enable(value & 0xF);
    case scl_offset:
    case sda_offset: return write_pin(offset, value);
    case rxd_offset: break;
    case txd_offset:
        if (enable_ != enabled_twi) return not_modelled();
        legacy_.write_txd(static_cast<uint8_t>(value));
        return bus_.byte_ready();
    case frequency_offset: return write_frequency(value);
    case address_offset:
        address_register_ = value & 0x7F;
        return bus_.set_address(static_cast<uint8_t>(address_register_));
    default: not_modelled();
    }
}

void NrfTwi::report_error(uint32_t source) {
    errorsrc_ |= source;
    raise(error);
}

void NrfTwi::write_enable(uint32_t value) {
    if (value == enable_) return;
    bus_.abort();
    twim_.on_end();
    legacy_.reset();
    enable_ = value;
    use_client();
    if (value != 0 && value != enabled_twi && value != enabled_twim) not_modelled();
}

void NrfTwi::use_client() {
    if (enable_ == enabled_twim) bus_.use(&twim_);
    else bus_.use(&legacy_);
}

void NrfTwi::write_pin(uint32_t offset, uint32_t value) {
    pins_[(offset - scl_offset) / 4] = value;
    bus_.connect_pins(((pins_[0] | pins_[1]) & disconnected) == 0);
}

void NrfTwi::write_frequency(uint32_t value) {
    frequency_ = value;
    bus_.set_scl_period(scl_cycles(value) * (scheduler_.ticks_per_second() / 16'000'000));
}

void NrfTwi::state(Archive& archive) {
    Peripheral::state(archive);
    archive(bus_, twim_, legacy_, enable_, errorsrc_, frequency_, address_register_, pins_,
            warned_no_pins_);
    use_client();
}

}  // namespace tinysim::nrf
