// PWR of STM32L4 (RM0351 5) and, with the parameter plus, of STM32L4+ (RM0432 5: CR5 with the boost mode of range 1).
// References rcc and flash hear of the voltage range (clock_listener.h), range 1 after the regulator's time (VOSF). Outputs
// "DBP": the backup domain may be written; "IOSV": VDDIO2, port G's supply, is declared valid.
// Deep sleep (LPMS), inputs and what is not modelled of it: low_power.h; Stop 0, 1 and 2 differ in their wake-up times alone.
// The supplies are steady: voltage monitors never speak. Not modelled: pulls in Standby, battery charging; low-power run is
// REGLPF, and a warning above 2 MHz.
#pragma once

#include "soc/stm32/clock_listener.h"
#include "soc/stm32/low_power.h"

namespace tinysim::stm32 {

class L4Pwr : public LowPower {
public:
    explicit L4Pwr(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    Mode deep_mode() const override;
    Tick wake_ticks() const override;
    std::string_view kept_ram() const override;
    void note_standby() override;
    bool has_wake_flag() const override;
    void on_pin(unsigned pin, bool level) override;
    void on_internal(bool level) override;

private:
    void write_cr1(uint32_t written);
    void announce();
    VoltageRange range() const;

    const bool plus_;
    const Tick range_1_ticks_;
    const Tick wake_ticks_of_[5];         // by LPMS; 4: Shutdown
    ClockListener* const listeners_[2];
    Event range_event_;                   // scheduled: VOSF
    Line backup_access_, io_supply_;
    bool internal_level_ = false, warned_low_power_run_ = false;
};

}  // namespace tinysim::stm32
