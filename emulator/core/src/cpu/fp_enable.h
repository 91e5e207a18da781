// The first floating-point instruction of a context enables it, or saves the lazy frame: what each FP handler asks first.
#pragma once

#include "cpu/cpu.h"

namespace tinysim {

// NOCP fault, or the lazy save and CONTROL.FPCA; then the same op again.
[[gnu::noinline, gnu::cold]] void first_fp(TINYSIM_OP_ARGS);
#define TINYSIM_NEEDS_FP \
    if (!cpu->fp_ready) [[unlikely]] return first_fp(TINYSIM_OP_PASS)

}  // namespace tinysim
