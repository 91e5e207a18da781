// Low-power timer LPTIM1 and LPTIM2 of the STM32L4. RM0351 34: its own clock (RCC_CCIPR: PCLK, LSI, HSI16, LSE), prescaler, 16-bit
// counter in single or continuous mode, compare, PWM and set-once output, triggers and time-out, external clock, encoder, ARROK
// and CMPOK. Counts lazily, as timer.h does. Parameters: rcc, gate, clockSelection, encoder (LPTIM1: IN2 and encoder mode).
// Outputs: IRQ; Out; Wakeup (the line to EXTI). Inputs: 0..7 external triggers (CFGR.TRIGSEL), 8 and 9 the pins IN1 and IN2,
// 10 and 11 the outputs of COMP1 and COMP2 (OR).
// Approximated: a write of CMP or ARR acts after 4 clocks of the bus and 3 of the kernel (RM0453's number, R); filters, starting
// and triggers take no time. Not modelled (a gap when switched on): COUNTRST and RSTARE of later chips, encoder mode without IN2.
#pragma once

#include <array>

#include "soc/stm32/peripheral.h"
#include "soc/stm32/timer_count.h"

namespace tinysim::stm32 {

class Lptim : public Peripheral {
public:
    explicit Lptim(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override;

private:
    // CMP or ARR on its way from the bus to the counter's clock.
    struct Transfer {
        Transfer(std::string name, std::function<void(Tick)> end) : done(std::move(name), 0, std::move(end)) {}
        Event done;
        bool waits_for_wrap = false;      // PRELOAD: acts at the end of the period
        bool waits_for_clock = false;     // the kernel's stands
        void state(Archive& archive);
    };

    bool is_on() const;
    bool counts_pulses() const;
    int64_t divider() const;
    void catch_up(Tick at);
    void restart(Tick at);
    void arm();
    void on_event(Tick late);
    void count_one();
    void begin(Transfer& transfer);
    void on_trigger(unsigned number, bool level);
    void sources_changed();
    void on_counted_edge(bool level);
    void on_encoder_edge(bool level, bool other);
    void write_cr(uint32_t written);
    void write_cfgr(uint32_t written);
    void write_value(uint32_t offset, uint32_t written, Transfer& transfer);
    void on_transferred(uint32_t flag, Transfer& transfer);
    void load(Transfer& transfer);
    void start_waiting(bool once);
    void trigger();
    void stop();
    void raise(uint32_t flags);
    void set_output();

    const bool has_encoder_;
    ClockedCount count_;
    Event event_;
    Transfer compare_transfer_, reload_transfer_;
    Line out_;
    std::array<uint8_t, 4> sources_{};    // levels of the pins IN1, IN2, of COMP1, COMP2
    std::array<bool, 2> in_{};            // what OR makes of them
    Tick at_ = 0;                         // when what is being handled happens
    uint32_t compare_ = 0;                // acts
    bool running_ = false, once_ = false, armed_ = false;      // armed_: an external trigger starts it
    bool was_set_ = false;                // output in set-once mode
    bool warned_early_ = false, warned_off_ = false;
};

}  // namespace tinysim::stm32
