// PWR of STM32L4 (RM0351 5) and, with the parameter plus, of STM32L4+ (RM0432 5: CR5 with the boost mode of range 1).
// References rcc and flash hear of the voltage range (clock_listener.h), range 1 after the regulator's time (VOSF). Outputs
// "DBP": the backup domain may be written; "IOSV": VDDIO2, port G's supply, is declared valid.
// The supplies are steady: voltage monitors never speak. Not modelled: Stop, Standby and Shutdown (SLEEPDEEP is a plain sleep;
// LPMS other than 0 is a gap), wake-up pins, pulls in Standby, battery charging; low-power run is REGLPF alone.
#pragma once

#include "soc/stm32/clock_listener.h"
#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class L4Pwr : public Peripheral {
public:
    explicit L4Pwr(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

private:
    void write_cr1(uint32_t written);
    void announce();
    VoltageRange range() const;

    const bool plus_;
    const Tick range_1_ticks_;
    ClockListener* const listeners_[2];
    Event range_event_;                   // scheduled: VOSF
    Line backup_access_, io_supply_;
};

}  // namespace tinysim::stm32
