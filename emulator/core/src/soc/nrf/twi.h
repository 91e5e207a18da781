// The slot that TWI and TWIM share, chosen by ENABLE (5 and 6), and the legacy TWI with its TXD and
// RXD registers. nRF52840 Product Specification 6.29 (TWI), 6.31 (TWIM). SPI, SPIM, SPIS and TWIS
// of the same slot are not modelled: their start tasks and registers are gaps. Assumed of TWI: BB
// comes before data bytes only; a byte received while RXD is unread raises OVERRUN and replaces it.
#pragma once

#include <array>

#include "soc/nrf/peripheral.h"
#include "soc/nrf/twim.h"

namespace tinysim::nrf {

// Byte by byte through TXD and RXD.
class LegacyTwi : public TwiClient {
public:
    explicit LegacyTwi(TwiRegisters& registers) : registers_(registers) {}

    void write_txd(uint8_t byte) {
        txd_ = byte;
        txd_full_ = true;
    }
    uint8_t txd() const { return txd_; }
    uint8_t read_rxd() {
        rxd_full_ = false;
        return rxd_;
    }
    void reset() { txd_full_ = rxd_full_ = false; }
    void state(Archive& archive) { archive(txd_, rxd_, txd_full_, rxd_full_); }

    void on_start(bool) override {}
    bool on_byte(bool is_read) override;
    uint8_t next_byte() override {
        txd_full_ = false;
        return txd_;
    }
    void on_sent(bool acknowledged) override;
    void on_received(uint8_t byte) override;
    void on_end() override { txd_full_ = false; }
    void on_address_nack() override { registers_.report_error(twi::anack); }
    void on_suspended() override { registers_.report(twi::suspended); }
    void on_stopped() override { registers_.report(twi::stopped); }

private:
    TwiRegisters& registers_;
    uint8_t txd_ = 0, rxd_ = 0;
    bool txd_full_ = false, rxd_full_ = false;
};

class NrfTwi : public Peripheral, private TwiRegisters {
public:
    explicit NrfTwi(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    I2cWire* i2c() override { return &bus_.wire(); }

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;
    bool is_enabled() const override { return enable_ != 0; }

private:
    void report(unsigned event) override { raise(event); }
    void report_error(uint32_t source) override;
    void write_enable(uint32_t value);
    void use_client();
    void write_pin(uint32_t offset, uint32_t value);
    void write_frequency(uint32_t value);

    TwiBus bus_;
    Twim twim_;
    LegacyTwi legacy_;
    uint32_t enable_ = 0, errorsrc_ = 0, frequency_ = 0, address_register_ = 0;
    std::array<uint32_t, 2> pins_{};  // SCL, SDA
    bool warned_no_pins_ = false;
};

}  // namespace tinysim::nrf
