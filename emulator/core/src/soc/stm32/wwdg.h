// WWDG: the window watchdog. RM0090 22, RM0351 37. A counter of 7 bits at PCLK1 / 4096 / 2^WDGTB resets the chip when it falls
// below 0x40 and when it is written above its window; at 0x40 it interrupts. It runs always, WDGA lets it bite. It stands still
// in Stop with its clock.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Wwdg : public Peripheral {
public:
    explicit Wwdg(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override;

private:
    bool is_on() const;
    uint32_t counter() const;
    void count_from(uint32_t count);
    void on_early_wakeup();
    void bite(bool& warned, const char* why);
    void update_irq();

    SystemRequests& system_;
    Event early_event_, bite_event_;
    Tick base_at_ = 0, count_ticks_ = 0;      // 0: it stands still
    uint32_t base_count_ = 0;
    bool warned_late_ = false, warned_early_ = false, warned_low_ = false;
};

}  // namespace tinysim::stm32
