// IWDG: the independent watchdog. RM0090 21; with windowOption RM0351 36 (WINR: a refresh above it resets as well).
// Counts LSI / (4 << PR); it brings its own LSI, a system reset stops it, Stop and Standby do not. What is written to PR, RLR
// and WINR is there 5 LSI cycles later; PVU, RVU and WVU say so, and a further write meanwhile is lost. Not modelled: the option
// bytes' hardware watchdog and stops.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Iwdg : public Peripheral {
public:
    explicit Iwdg(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    void note_reset(uint32_t cause) override { outlives_reset_ = is_standby(cause); }

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

private:
    static constexpr unsigned updates = 3;          // PVU, RVU, WVU
    void update(uint32_t offset, uint32_t written);
    void on_updated(unsigned number);
    void refresh();
    void reload();
    void bite(bool& warned, const char* why);
    Tick count_ticks() const;

    SystemRequests& system_;
    const bool has_window_;
    Event timeout_event_, update_events_[updates];
    uint32_t coming_[updates] = {};
    bool unlocked_ = false, running_ = false, outlives_reset_ = false, warned_update_ = false, warned_late_ = false, warned_early_ = false;
};

}  // namespace tinysim::stm32
