#include "timing/art.h"

namespace tinysim {

std::unique_ptr<Stm32Flash> make_art(uint32_t memory_bytes, const Stm32FlashParameters& parameters) {
    return std::make_unique<Stm32Flash>(parameters, memory_bytes);
}

}  // namespace tinysim
