// General and basic timers TIM2-7 of the STM32, as far as time base and update go. RM0090 18 and 20: PSC, ARR with
// preload, CNT up, UG, URS, UDIS, OPM. Output beside IRQ: DmaUpdate, a pulse for each update with DIER.UDE.
// Parameters: initialLimit (0xFFFF or 0xFFFFFFFF), channels (4, or 0 for a basic timer).
// Not modelled (a gap when switched on): compare and capture, PWM, down and centre counting, slave mode and triggers,
// encoder, external clocks, DCR and DMAR.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Timer : public Peripheral {
public:
    explicit Timer(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override;

private:
    bool is_running() const { return count_ticks_ != 0; }
    uint32_t counter(Tick at) const;
    void rebase(Tick at);                 // the counter's value at `at` becomes the new origin
    void restart();                       // period and next update, from the origin on
    void update(bool by_software);
    void on_overflow(Tick late);
    void write_cr1(uint32_t written);
    void write_unmodelled(uint32_t offset, uint32_t written);
    void update_irq();

    const uint32_t limit_;
    Event update_event_;
    Line dma_update_;
    Tick base_at_ = 0, count_ticks_ = 0;  // 0: stopped
    uint32_t base_count_ = 0, prescaler_ = 0, reload_;      // prescaler_, reload_: those that act, PSC and ARR preload
};

}  // namespace tinysim::stm32
