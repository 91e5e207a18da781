// The noise of random number generators: xorshift64* (Marsaglia 2003, Vigna 2016), seeded, so that runs repeat.
#pragma once

#include <cstdint>

#include "tinysim/archive.h"

namespace tinysim {

class RandomWords {
public:
    static constexpr int64_t default_seed = 0x5EED'0F7E'57ED'BEEF;

    explicit RandomWords(int64_t seed) : state_(static_cast<uint64_t>(seed) | 1) {}
    uint64_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 0x2545F4914F6CDD1D;
    }
    void state(Archive& archive) { archive(state_); }

private:
    uint64_t state_;
};

}  // namespace tinysim
