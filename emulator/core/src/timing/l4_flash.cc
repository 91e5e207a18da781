#include "timing/l4_flash.h"

namespace tinysim {

std::unique_ptr<Stm32Flash> make_l4_flash(uint32_t memory_bytes, const Stm32FlashParameters& parameters) {
    return std::make_unique<Stm32Flash>(parameters, memory_bytes);
}

}  // namespace tinysim
