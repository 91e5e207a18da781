// The DFSDM's digital filter and integrator (RM0351 24.4.8, 24.4.9): Sinc of order 1 to 5 or FastSinc over `oversampling`
// samples, then the sum of `integration` of its results. Exact, in 32 bits as on the chip (too large a gain wraps round).
#pragma once

#include <array>
#include <cstdint>

#include "tinysim/archive.h"

namespace tinysim::stm32 {

class SincFilter {
public:
    static constexpr unsigned fast_sinc = 0;        // the order that means it

    void configure(unsigned order, unsigned oversampling, unsigned integration) {
        order_ = order;
        oversampling_ = oversampling;
        integration_ = integration;
    }
    // From nothing: the first results of the combs are not complete and are left out.
    void restart() {
        sums_ = {};
        delays_ = {};
        phase_ = results_ = 0;
        to_skip_ = oversampling_ == 1 ? 0 : stages() - 1;
        total_ = 0;
    }
    // Samples until the next output, if restarted before it or not.
    unsigned samples_from_start() const {
        return oversampling_ == 1 ? integration_ : oversampling_ * (integration_ - 1 + stages());
    }
    unsigned samples_following() const { return oversampling_ * integration_; }
    // What the chip needs beyond the samples: clocks through the stages.
    unsigned latency() const { return oversampling_ == 1 ? 0 : order_ == fast_sinc ? 2 : order_; }

    bool push(int32_t sample) {
        uint32_t value = static_cast<uint32_t>(sample);
        if (oversampling_ > 1) {
            const unsigned count = order_ == fast_sinc ? 2 : order_;
            for (unsigned i = 0; i < count; ++i) value = sums_[i] += value;
            if (++phase_ < oversampling_) return false;
            phase_ = 0;
            for (unsigned i = 0; i < count; ++i) value -= std::exchange(delays_[i], value);
            if (order_ == fast_sinc) {                                       // ... * (1 + z^-2)
                const uint32_t before = std::exchange(delays_[3], std::exchange(delays_[2], value));
                value += before;
            }
            if (to_skip_ != 0) return --to_skip_, false;
        }
        total_ += value;
        if (++results_ < integration_) return false;
        results_ = 0;
        output_ = static_cast<int32_t>(std::exchange(total_, 0));
        return true;
    }
    int32_t output() const { return output_; }

    void state(Archive& archive) {
        archive(order_, oversampling_, integration_, sums_, delays_, phase_, results_, to_skip_, total_, output_);
    }

private:
    unsigned stages() const { return order_ == fast_sinc ? 4 : order_; }     // combs that must be full

    unsigned order_ = 1, oversampling_ = 1, integration_ = 1;
    std::array<uint32_t, 5> sums_{}, delays_{};
    unsigned phase_ = 0, results_ = 0, to_skip_ = 0;
    uint32_t total_ = 0;
    int32_t output_ = 0;
};

}  // namespace tinysim::stm32
