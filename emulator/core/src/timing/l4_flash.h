// STM32L4 and L4+: RM0351 3.3.4, RM0432 3.3.4. 64 bits a read, 32 instruction and 8 data cache lines of 4 x 64 bits, both
// on at reset; a current buffer on each bus. A miss copies what one read gave ("the line read is copied"), so a line is
// valid in quarters; reading the whole line is a parameter. L4+ reads 128 bits as one bank (DBANK = 0).
#pragma once

#include "timing/stm32_flash.h"

namespace tinysim {

inline constexpr Stm32FlashParameters l4_flash_parameters{
    .read_bytes = 8, .line_bytes = 32, .icache_lines = 32, .dcache_lines = 8, .data_buffer = 1};

std::unique_ptr<Stm32Flash> make_l4_flash(uint32_t memory_bytes,
                                          const Stm32FlashParameters& parameters = l4_flash_parameters);

}  // namespace tinysim
