// RNG: random bytes, here from a seeded generator (xorshift64*), so that runs repeat. Product
// Specification 6.19. Seed: the chip parameter rng_seed. The typical times of the specification are
// taken as fixed.
// Not modelled: the spread of the time per byte, the bias of bytes without DERCEN.
#pragma once

#include "soc/nrf/peripheral.h"
#include "tinysim/random_words.h"

namespace tinysim::nrf {

class Rng : public Peripheral {
public:
    explicit Rng(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;

private:
    Tick byte_ticks() const;
    void on_byte(Tick late_ticks);
    Tick ticks_of_us(int64_t us) const { return us * scheduler_.ticks_per_second() / 1'000'000; }

    const Tick start_ticks_, raw_byte_ticks_, corrected_byte_ticks_;
    Event byte_event_;
    RandomWords words_;
    uint32_t config_ = 0;
    uint8_t value_ = 0;
    bool running_ = false;
};

}  // namespace tinysim::nrf
