// The host's own single-precision instructions on bit patterns, for the fast paths of fp.h (x86-64
// SSE; other hosts: none). Volatile assembly, not intrinsics: these operations leave their sticky
// flags in MXCSR, so the compiler must neither fold, delete nor speculate them, as it may with
// intrinsics in the default float environment.
#pragma once

#include <bit>
#include <cstdint>

#ifndef TINYSIM_HOST_FLOAT  // 0 forces the exact paths, as on other hosts
#if defined(__x86_64__) && defined(__GNUC__)
#define TINYSIM_HOST_FLOAT 1
#else
#define TINYSIM_HOST_FLOAT 0
#endif
#endif

namespace tinysim::fp::host {

inline constexpr bool available = TINYSIM_HOST_FLOAT != 0;

#if TINYSIM_HOST_FLOAT

#define TINYSIM_HOST_BINARY(name, instruction)                                                 \
    inline uint32_t name(uint32_t a, uint32_t b) {                                             \
        float result = std::bit_cast<float>(a);                                                \
        __asm__ volatile(instruction " %1, %0" : "+x"(result) : "x"(std::bit_cast<float>(b))); \
        return std::bit_cast<uint32_t>(result);                                                \
    }
TINYSIM_HOST_BINARY(add, "addss")
TINYSIM_HOST_BINARY(sub, "subss")
TINYSIM_HOST_BINARY(mul, "mulss")
TINYSIM_HOST_BINARY(div, "divss")
#undef TINYSIM_HOST_BINARY

inline uint32_t sqrt(uint32_t a) {
    float result = 0;
    __asm__ volatile("sqrtss %1, %0" : "+x"(result) : "x"(std::bit_cast<float>(a)));
    return std::bit_cast<uint32_t>(result);
}

// Only where FpState::plain_fma says that the processor has it; the assembler needs no -mfma.
inline uint32_t fma(uint32_t addend, uint32_t a, uint32_t b) {
    float result = std::bit_cast<float>(addend);
    __asm__ volatile("vfmadd231ss %2, %1, %0"
                     : "+x"(result)
                     : "x"(std::bit_cast<float>(a)), "x"(std::bit_cast<float>(b)));
    return std::bit_cast<uint32_t>(result);
}

inline uint32_t from_s64(int64_t value) {
    float result = 0;
    __asm__ volatile("cvtsi2ssq %1, %0" : "+x"(result) : "r"(value));
    return std::bit_cast<uint32_t>(result);
}

inline int64_t to_s64(uint32_t a, bool round_to_zero) {
    int64_t result;
    if (round_to_zero)
        __asm__ volatile("cvttss2siq %1, %0" : "=r"(result) : "x"(std::bit_cast<float>(a)));
    else
        __asm__ volatile("cvtss2siq %1, %0" : "=r"(result) : "x"(std::bit_cast<float>(a)));
    return result;
}

#else

inline uint32_t add(uint32_t, uint32_t) { return 0; }
inline uint32_t sub(uint32_t, uint32_t) { return 0; }
inline uint32_t mul(uint32_t, uint32_t) { return 0; }
inline uint32_t div(uint32_t, uint32_t) { return 0; }
inline uint32_t sqrt(uint32_t) { return 0; }
inline uint32_t fma(uint32_t, uint32_t, uint32_t) { return 0; }
inline uint32_t from_s64(int64_t) { return 0; }
inline int64_t to_s64(uint32_t, bool) { return 0; }

#endif

}  // namespace tinysim::fp::host
