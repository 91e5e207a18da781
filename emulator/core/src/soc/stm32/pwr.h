// PWR of the STM32F4. RM0090 5. Parameters: series (401, 407, 411, 429, 446), wakeUpPins (1; F446: 2). The scale: voltage_scale.h. Output
// "DBP": the backup domain may be written. Deep sleep, inputs and what is not modelled of it: low_power.h. The supply is steady,
// so the voltage detector never speaks and VOSRDY is always there. Not modelled: the backup regulator's effect.
#pragma once

#include "soc/stm32/low_power.h"
#include "soc/stm32/voltage_scale.h"

namespace tinysim::stm32 {

class Pwr : public LowPower {
public:
    explicit Pwr(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override { return name == "DBP" ? &backup_access_ : Peripheral::output(name); }

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    Mode deep_mode() const override;
    Tick wake_ticks() const override;
    void note_standby() override;
    bool has_wake_flag() const override;
    void on_pin(unsigned pin, bool level) override;
    void on_internal(bool level) override;
    void on_clock_changed() override;

private:
    void write_csr(uint32_t written);
    void raise();

    VoltageScale scale_;
    const uint32_t pin_enables_;          // EWUP bits of CSR
    const Tick main_regulator_ticks_, low_power_regulator_ticks_, flash_off_ticks_, standby_ticks_;
    Line backup_access_;
};

}  // namespace tinysim::stm32
