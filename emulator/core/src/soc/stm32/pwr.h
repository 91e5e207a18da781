// PWR of the STM32F4. RM0090 5. Parameter overDrive (F42x, F446): OD bits and a two-bit VOS. Output "DBP": the backup
// domain may be written. The supply is steady, so the voltage detector never speaks and VOSRDY is always there.
// Not modelled: Stop and Standby (SLEEPDEEP is a plain sleep), wake-up pins, the backup regulator's effect.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Pwr : public Peripheral {
public:
    explicit Pwr(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override { return name == "DBP" ? &backup_access_ : Peripheral::output(name); }

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

private:
    const bool over_drive_;
    Line backup_access_;
};

}  // namespace tinysim::stm32
