// IWDG: the independent watchdog. RM0090 21; with windowOption RM0351 36 (WINR: a refresh above it resets as well).
// Counts LSI / (4 << PR); it brings its own LSI, a system reset stops it. Assumed: PR, RLR and WINR act at once (PVU, RVU and
// WVU never read 1). Not modelled: the hardware watchdog option byte.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Iwdg : public Peripheral {
public:
    explicit Iwdg(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    void write_register(uint32_t offset, uint32_t written) override;

private:
    void refresh();
    void reload();
    void bite(const char* why);
    Tick count_ticks() const;

    SystemRequests& system_;
    const bool has_window_;
    Event timeout_event_;
    bool unlocked_ = false, running_ = false;
};

}  // namespace tinysim::stm32
