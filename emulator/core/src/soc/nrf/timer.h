// TIMER0-4. nRF52840 Product Specification 6.28 "TIMER". Parameter numberOfEvents: 4 or 6 CCs.
// Counts on edges of PCLK16M; COMPARE comes when the counter is incremented and then equals CC.
// Assumed: START and CLEAR restart the prescaler, STOP drops its count; SHUTDOWN is STOP and CLEAR;
// CC is compared in BITMODE's width; low-power counter mode counts as counter mode.
// Not modelled: priority of tasks in one PCLK16M period (here: in their order), HFINT's accuracy.
#pragma once

#include <array>

#include "soc/nrf/peripheral.h"

namespace tinysim::nrf {

class NrfTimer : public Peripheral {
public:
    explicit NrfTimer(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;

private:
    bool counts_time() const { return running_ && mode_ == 0; }
    Tick period_ticks() const { return cycle_ticks_ << prescaler_; }
    uint32_t mask() const;
    int64_t increments(Tick at) const;                    // since base
    uint32_t counter(Tick at) const;
    void rebase(uint32_t count);  // the counter is `count` from this moment on
    void settle();                // COMPAREs that are due but have not fired
    void schedule();
    void compare(uint32_t count);
    void on_compare(Tick late_ticks);
    void count();
    void capture(unsigned number);
    void stop();

    const unsigned cc_count_;
    const Tick cycle_ticks_;                              // of PCLK16M
    bool running_ = false;
    uint32_t mode_ = 0, bitmode_ = 0, prescaler_ = 0;
    std::array<uint32_t, 6> cc_{};
    Tick base_at_ = 0;  // the counter was base_count_ here; on an edge of PCLK16M
    uint32_t base_count_ = 0;
    Event compare_event_;
};

}  // namespace tinysim::nrf
