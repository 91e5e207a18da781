// What PWR of STM32F4 and STM32L4 do alike as the CPU sleeps (RM0090 5.3, RM0351 5.3). Sleep: RCC holds the blocks whose gate
// for it is closed. Stop: RCC stops its clocks, and whoever interrupts the CPU (EXTI, or a block on LSE) wakes it after the
// regulator's time on the clock that RCC restarts. Standby and Shutdown: the core domain resets and RAM is lost; a wake-up pin,
// RTC, IWDG or NRST ends it with a reset.
// Inputs: 0.. are the wake-up pins WKUP1.., 8 is RTC's wake-up. Supply and references do not change the times (chip parameters
// wake_*_ns). Not modelled: pulls and pins in Standby beside those, DBGMCU's clocks in deep sleep, LSI's stop
// in Shutdown; a DMA transfer that is under way as Stop begins ends in it.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class LowPower : public Peripheral, public PowerControl {
public:
    static constexpr unsigned pins = 5, internal_input = 8;

    void state(Archive& archive) override = 0;      // has a body: derived ones begin with it
    void reset() override;                          // last in a derived one's, which looks at reset_cause_
    void note_reset(uint32_t cause) override { reset_cause_ = cause; }
    std::optional<Line::Sink> input(unsigned number) override;

    void sleep_begins(bool is_deep) final;
    void sleep_ends() final;

protected:
    static constexpr uint32_t shutdown_reset = 1u << 27;      // RCC_CSR.BORRSTF: leaving Shutdown is a power-on
    enum class Mode : uint8_t { run, stop, standby, shutdown };
    LowPower(const Construction& construction, RegisterTable table);

    virtual Mode deep_mode() const = 0;             // of the next deep sleep
    virtual Tick wake_ticks() const = 0;            // out of it
    virtual std::string_view kept_ram() const { return {}; }
    virtual void note_standby() = 0;                // SBF
    virtual bool has_wake_flag() const = 0;
    virtual void on_pin(unsigned pin, bool level) = 0;
    virtual void on_internal(bool level) = 0;

    void wake();                                    // a wake-up source speaks: ends Standby and Shutdown
    bool level_of(unsigned pin) const { return (levels_ >> pin & 1) != 0; }
    Tick chip_ticks(const Construction& construction, const char* key, int64_t otherwise_ns) const;

    SystemRequests& system_;
    uint32_t reset_cause_ = 0;

private:
    void cut_supply(Mode mode);

    Event wake_event_;
    Mode mode_ = Mode::run;
    Tick wake_ticks_ = 0;                           // out of the Standby that it is in
    uint32_t levels_ = 0;
};

}  // namespace tinysim::stm32
