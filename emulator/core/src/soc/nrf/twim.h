// TWIM: the EasyDMA client of the TWI wire (ENABLE = 6). nRF52840 Product Specification 6.31.
// Bytes move when the wire takes or delivers them. A buffer outside RAM moves nothing: the address
// is sent, then the bus waits for STOP. Assumed: MAXCNT 0 sends the address only and raises no
// LASTTX or LASTRX; STARTTX or STARTRX while suspended makes a repeated START at RESUME; STOP on an
// idle bus raises STOPPED. OVERRUN cannot occur.
#pragma once

#include "soc/nrf/easy_dma.h"
#include "soc/nrf/twi_bus.h"

namespace tinysim::nrf {

class Twim : public TwiClient {
public:
    Twim(const Construction& construction, TwiRegisters& registers);

    void state(Archive& archive) { archive(rx_, tx_); }
    EasyDma& rx() { return rx_; }
    EasyDma& tx() { return tx_; }

    void on_start(bool is_read) override;
    bool on_byte(bool is_read) override;
    uint8_t next_byte() override { return tx_.take(); }
    void on_sent(bool acknowledged) override;
    void on_received(uint8_t byte) override;
    void on_end() override;
    void on_address_nack() override { registers_.report_error(twi::anack); }
    void on_suspended() override { registers_.report(twi::suspended); }
    void on_stopped() override { registers_.report(twi::stopped); }

private:
    TwiRegisters& registers_;
    EasyDma rx_, tx_;
};

}  // namespace tinysim::nrf
