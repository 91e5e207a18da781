// WDT: the watchdog. nRF52840 Product Specification 6.36. Time-out (CRV + 1) / 32768 Hz after the
// LFCLK edge that follows START or the last request; the reset comes two LFCLK cycles later if
// TIMEOUT's interrupt is enabled, else at once. Once started it runs on through a soft reset and
// locks CRV, RREN and CONFIG. It brings its own LFCLK. Input 0 = the CPU sleeps: needed for
// CONFIG.SLEEP = Pause; without it START with Pause is a gap and the count goes on.
// Not modelled: LFRC's start-up before the first count; CONFIG.HALT (virtual time stands still
// under a debugger).
#pragma once

#include "soc/nrf/peripheral.h"

namespace tinysim::nrf {

class Wdt : public Peripheral {
public:
    explicit Wdt(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    void note_reset(uint32_t cause) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;

private:
    void start();
    void reload();
    void request(unsigned number);
    void on_timeout();
    void on_sleep(bool sleeps);
    bool pauses_in_sleep() const;

    SystemRequests& system_;
    const Tick lfclk_ticks_;
    Event timeout_event_, reset_event_;
    uint32_t crv_ = 0, rren_ = 0, config_ = 0,
             awaited_ = 0;  // awaited_: enabled RR not yet written
    bool running_ = false, survives_reset_ = false, knows_sleep_ = false, paused_ = false;
    Tick remaining_ticks_ = 0;  // while paused
};

}  // namespace tinysim::nrf
