// GPIO port of the STM32F4 and L4. RM0090 8, RM0351 8. Parameters modeResetValue, outputSpeedResetValue,
// pullUpPullDownResetValue, registerCount (10; L4+ 11: BRR; L47x 12: ASCR, whose analog switches do nothing here).
// A pin's net has the level that the chip drives, else the outside's, else the pull's, else 0. Output "0".."15" is the
// level of the net, input 0..15 the outside's driver, low at first once it is connected; input 16, if it is connected, says
// that the port's own supply (VDDIO2 of the L4's port G) is declared valid, without which its pins are cut off.
// Not modelled: two outside drivers on one pin (the last change wins), chip against outside (the chip wins), speed, and
// levels of pins in an alternate function (bytes of serial blocks travel otherwise; such a pin has the outside's level).
#pragma once

#include <array>

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Gpio : public Peripheral {
public:
    static constexpr unsigned pins_per_port = 16;
    explicit Gpio(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    uint32_t merge_base(uint32_t offset) override;

private:
    void write_odr(uint32_t written);
    void write_bsrr(uint32_t written);
    void write_lckr(uint32_t written);
    uint32_t locked_bits(uint32_t offset) const;
    bool level_of(unsigned pin) const;
    uint32_t mode_of(unsigned pin) const;
    void refresh(uint32_t pins);                          // something about these pins changed

    const uint32_t mode_after_reset_, speed_after_reset_, pull_after_reset_;
    uint32_t level_ = 0, outside_ = 0, outside_level_ = 0;      // bit n is pin n
    uint32_t locked_ = 0;                                 // pins whose configuration is frozen
    uint8_t lock_step_ = 0;                               // of the sequence that freezes it
    bool supplied_ = true, warned_supply_ = false;
    std::array<Line, pins_per_port> pins_;
};

}  // namespace tinysim::stm32
