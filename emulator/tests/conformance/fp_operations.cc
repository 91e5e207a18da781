// C entry point over cpu/fp.h for test_fp_arithmetic.py: applies one VFP operation to many cases,
// composing VMLS, VNMLA and their like from negations as the op handlers do. Operations are known
// by their assembler mnemonic.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "cpu/fp.h"

using namespace tinysim::fp;

namespace {

struct Case {
    uint32_t fpscr, d, n, m;  // FPSCR before, and the registers Sd, Sn, Sm
};

struct Outcome {
    uint32_t fpscr, d;
};

struct Form {
    int fraction_bits;
    bool is_unsigned, size16;
};

using Operation = uint32_t (*)(FpState&, const Case&, const Form&);
#define OPERATION(expression)                                                \
    [](FpState& s, const Case& c, const Form& form) -> uint32_t {            \
        static_cast<void>(s), static_cast<void>(c), static_cast<void>(form); \
        return expression;                                                   \
    }

uint32_t compare_into_fpscr(FpState& state, const Case& registers, uint32_t right, bool signal) {
    set_nzcv(state, compare(state, registers.n, right, signal));
    return registers.d;
}

const std::map<std::string, Operation> operations = {
    {"vadd", OPERATION(add(s, c.n, c.m))},
    {"vsub", OPERATION(sub(s, c.n, c.m))},
    {"vmul", OPERATION(mul(s, c.n, c.m))},
    {"vnmul", OPERATION(neg(mul(s, c.n, c.m)))},
    {"vdiv", OPERATION(div(s, c.n, c.m))},
    {"vsqrt", OPERATION(sqrt(s, c.m))},
    {"vmla", OPERATION(mul_add(s, c.d, c.n, c.m))},
    {"vmls", OPERATION(add(s, c.d, neg(mul(s, c.n, c.m))))},
    {"vnmla", OPERATION(add(s, neg(c.d), neg(mul(s, c.n, c.m))))},
    {"vnmls", OPERATION(add(s, neg(c.d), mul(s, c.n, c.m)))},
    {"vfma", OPERATION(fma(s, c.d, c.n, c.m))},
    {"vfms", OPERATION(fma(s, c.d, neg(c.n), c.m))},
    {"vfnma", OPERATION(fma(s, neg(c.d), neg(c.n), c.m))},
    {"vfnms", OPERATION(fma(s, neg(c.d), c.n, c.m))},
    {"vcmp", OPERATION(compare_into_fpscr(s, c, c.m, false))},
    {"vcmpe", OPERATION(compare_into_fpscr(s, c, c.m, true))},
    {"vcmp_zero", OPERATION(compare_into_fpscr(s, c, 0, false))},
    {"vneg", OPERATION(neg(c.m))},
    {"vabs", OPERATION(abs(c.m))},
    {"vcvt_s32_f32", OPERATION(to_s32(s, c.m, true))},
    {"vcvtr_s32_f32", OPERATION(to_s32(s, c.m, false))},
    {"vcvt_u32_f32", OPERATION(to_u32(s, c.m, true))},
    {"vcvtr_u32_f32", OPERATION(to_u32(s, c.m, false))},
    {"vcvt_f32_s32", OPERATION(from_s32(s, c.m))},
    {"vcvt_f32_u32", OPERATION(from_u32(s, c.m))},
    {"vcvtb_f32_f16", OPERATION(half_to_single(s, uint16_t(c.m)))},
    {"vcvtt_f32_f16", OPERATION(half_to_single(s, uint16_t(c.m >> 16)))},
    {"vcvtb_f16_f32", OPERATION((c.d & 0xFFFF0000) | single_to_half(s, c.m))},
    {"vcvtt_f16_f32", OPERATION((c.d & 0xFFFF) | uint32_t(single_to_half(s, c.m)) << 16)},
    {"to_fixed", OPERATION(to_fixed(s, c.d, form.fraction_bits, form.is_unsigned, form.size16))},
    {"from_fixed",
     OPERATION(from_fixed(s, c.d, form.fraction_bits, form.is_unsigned, form.size16))},
};

}  // namespace

extern "C" int apply_operation(const char* name, const Form* form, size_t case_count,
                               const Case* cases, Outcome* outcomes) {
    auto found = operations.find(name);
    if (found == operations.end()) return -1;
    FpState state;
    host_enter(state);
    for (size_t i = 0; i < case_count; ++i) {
        set_fpscr(state, cases[i].fpscr);
        uint32_t result = found->second(state, cases[i], *form);
        outcomes[i] = {get_fpscr(state), result};
    }
    host_leave(state);
    return 0;
}

extern "C" uint32_t expand_vmov_immediate(uint8_t imm8) { return expand_immediate(imm8); }
