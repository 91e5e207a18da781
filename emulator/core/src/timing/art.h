// STM32F4: adaptive real-time memory accelerator. RM0090 3.4: 128-bit lines, 64 in the instruction cache, 8 in the data
// cache, prefetch, all off at reset; the buffer with the current line is always on.
#pragma once

#include "timing/stm32_flash.h"

namespace tinysim {

inline constexpr Stm32FlashParameters art_parameters{
    .read_bytes = 16, .line_bytes = 16, .icache_lines = 64, .dcache_lines = 8, .data_buffer = 0};

std::unique_ptr<Stm32Flash> make_art(uint32_t memory_bytes, const Stm32FlashParameters& parameters = art_parameters);

}  // namespace tinysim
