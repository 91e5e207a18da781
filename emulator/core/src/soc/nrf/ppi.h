// PPI: events trigger tasks without the CPU. nRF52840 Product Specification 6.16 "PPI". An event
// reaches its tasks at the next edge of the 16 MHz clock; if it was on an edge, one period later.
// Assumed: a channel whose event comes twice within a period triggers twice.
// Not modelled: RADIO, CCM, AAR on the fixed channels; such a task is a warning in the record.
#pragma once

#include <array>

#include "soc/nrf/peripheral.h"

namespace tinysim::nrf {

class NrfPpi : public Peripheral {
public:
    explicit NrfPpi(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;

private:
    static constexpr unsigned channel_count = 32, group_count = 6;
    struct Channel {
        uint32_t eep, tep, fork;
        void state(Archive& archive) { archive(eep, tep, fork); }
    };
    struct Pulse {                                        // under way to its tasks
        Tick due;
        unsigned channel;
        void state(Archive& archive) { archive(due, channel); }
    };

    uint32_t* find_register(uint32_t offset);             // null: none, or only a bit mask
    void on_event(uint32_t address);
    void send(unsigned channel);
    void deliver(Tick late_ticks);
    void trigger(unsigned channel, uint32_t task_address);

    const Tick period_ticks_;
    std::array<Channel, channel_count> channels_{};
    std::array<uint32_t, group_count> groups_{};
    uint32_t chen_ = 0, warned_ = 0;
    bool delivering_ = false;
    uint32_t just_enabled_ = 0;                           // by EN tasks of this very delivery
    std::vector<Pulse> pulses_;  // by due time; those before next_pulse_ are done
    size_t next_pulse_ = 0;
    Event deliver_event_;
};

}  // namespace tinysim::nrf
