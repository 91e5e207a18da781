// RNG of STM32F4 (RM0090 24) and STM32L4 (RM0351 27): words from a seeded generator (xorshift64*), so that runs repeat. Seed:
// the chip parameter rng_seed; a word takes rng_word_clocks periods of the 48 MHz clock. Without that clock, or with one slower
// than HCLK / 16, CECS and CEIS say so and no word comes. Parameter clockErrorDetection (L4+): CR.CED switches that check off.
// Not modelled: seed errors (the noise is never bad), the first words that a chip discards.
#pragma once

#include "soc/stm32/peripheral.h"
#include "tinysim/random_words.h"

namespace tinysim::stm32 {

class Rng : public Peripheral {
public:
    explicit Rng(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override;

private:
    bool has_clock_error() const;
    Tick rng_ticks() const;
    void follow();                        // begins a word where none is ready, or says that the clock fails
    void update_irq();
    uint32_t read_word();

    const int64_t word_clocks_;
    Event word_event_;
    RandomWords words_;
    bool warned_clock_ = false;
};

}  // namespace tinysim::stm32
