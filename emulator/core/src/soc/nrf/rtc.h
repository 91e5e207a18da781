// RTC0-2. nRF52840 Product Specification 6.22 "RTC". Parameter numberOfEvents: 3 or 4 CCs.
// LFCLK rises at whole multiples of 1/32768 s. A task or a CC written takes effect at the first
// rising edge after a falling one (15 to 46 us): CC = COUNTER + 2 always matches, + 1 may not.
// Input 0 is CLOCK's LFCLK, which must run; not connected, it is assumed to. Assumed: START of a
// running RTC does nothing. Not modelled: jitter of events against PCLK16M, drift of LFRC.
#pragma once

#include <array>

#include "soc/nrf/peripheral.h"

namespace tinysim::nrf {

class NrfRtc : public Peripheral {
public:
    explicit NrfRtc(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;
    void on_inten_written() override;
    bool reaches_ppi(unsigned event) const override { return ((evten_ >> event) & 1) != 0; }

private:
    struct Change {
        Tick due;
        unsigned what;                                    // a task, or cc_change + n
        uint32_t value;
        void state(Archive& archive) { archive(due, what, value); }
    };

    bool counts() const { return running_ && has_lfclk_; }
    Tick period_ticks() const { return lfclk_ticks_ * (int64_t{latched_prescaler_} + 1); }
    Tick effect_edge(Tick at) const;
    uint32_t counter(Tick at) const;
    void rebase(uint32_t count, Tick at);         // `count` at this edge, prescaler restarts
    void on_lfclk(bool runs);

    void request(unsigned what, uint32_t value);
    void apply(const Change& change);
    void on_changes(Tick late_ticks);

    void settle();                                        // events that are due but have not fired
    void schedule();
    void on_increment(Tick late_ticks);
    int64_t next_match(uint32_t count, int64_t from) const;
    void write_evten(uint32_t value);

    const unsigned cc_count_;
    const Tick lfclk_ticks_;
    uint32_t events_implemented_ = 3;                     // TICK, OVRFLW; COMPARE[n] are added
    bool running_ = false, has_lfclk_ = true, lfclk_connected_ = false;
    uint32_t evten_ = 0, prescaler_ = 0, latched_prescaler_ = 0;
    std::array<uint32_t, 4> cc_written_{}, cc_{};         // as read back; as compared
    Tick base_at_ = 0;
    uint32_t base_count_ = 0;
    int64_t handled_ = 0;  // increments since base whose events have fired
    std::vector<Change> changes_;                         // by due time
    Event change_event_, increment_event_;  // a change at an edge comes before the increment there
};

}  // namespace tinysim::nrf
