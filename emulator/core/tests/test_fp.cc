// Self-test of the FPv4-SP arithmetic: known vectors, and the host's fast paths against the exact
// slow paths, results and cumulative flags. Exit status 0 when all hold. (Against an independent
// oracle: emulator/tests/conformance/test_fp_arithmetic.py.)
#include <cstdio>
#include <cstdlib>

#include "cpu/fp.h"

using namespace tinysim;
using fp::FpState;

namespace {

int failures = 0;

void expect(const char* what, uint32_t got, uint32_t wanted) {
    if (got == wanted) return;
    ++failures;
    std::printf("%s: got %08X, expected %08X\n", what, unsigned(got), unsigned(wanted));
}

uint64_t random_state = 0x9E3779B97F4A7C15;

uint32_t random_word() {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return uint32_t(random_state >> 32);
}

uint32_t random_operand() {
    static constexpr uint32_t edges[] = {0,          1,          0x007FFFFF, 0x00800000,
                                         0x00800001, 0x3F7FFFFF, 0x3F800000, 0x3F800001,
                                         0x3F000000, 0x7F7FFFFF, 0x7F800000, 0x7F800001,
                                         0x7FC00123, 0x4F000000, 0x4EFFFFFF};
    uint32_t word = random_word();
    switch (word & 7) {
    case 0: return edges[random_word() % 15] | (random_word() & 0x80000000);
    case 1: return random_word() & 0x807FFFFF;                 // subnormal
    case 2: return (random_word() & 0x81FFFFFF) | 0x3F000000;  // about one
    case 3: return (random_word() & 0x80FFFFFF) + 0x1F800000;  // products about the minimum
    case 4:
        return (random_word() & 0x8FFFF000) | (random_word() & 0x70000000);  // few significant bits
    default: return random_word();
    }
}

struct Outcome {
    uint32_t result, fpscr;
};

template <typename Operation>
Outcome run(Operation operation) {
    FpState state;
    fp::host_enter(state);
    fp::set_fpscr(state, 0);
    uint32_t result = operation(state);
    Outcome outcome{result, fp::get_fpscr(state)};
    fp::host_leave(state);
    return outcome;
}

template <typename Fast, typename Slow>
void expect_same(const char* what, Fast fast, Slow slow, const uint32_t (&operands)[3]) {
    Outcome host = run(fast), exact = run(slow);
    if (host.result == exact.result && host.fpscr == exact.fpscr) return;
    ++failures;
    std::printf("%s(%08X, %08X, %08X): fast %08X flags %02X, slow %08X flags %02X\n", what,
                unsigned(operands[0]), unsigned(operands[1]), unsigned(operands[2]),
                unsigned(host.result), unsigned(host.fpscr), unsigned(exact.result),
                unsigned(exact.fpscr));
}

#define COMPARE(name, ...)                                                   \
    expect_same(                                                             \
        #name, [&](FpState& state) { return fp::name(state, __VA_ARGS__); }, \
        [&](FpState& state) { return fp::slow::name(state, __VA_ARGS__); }, operands)

void compare_fast_with_slow(uint32_t a, uint32_t b, uint32_t c) {
    const uint32_t operands[3] = {a, b, c};
    COMPARE(add, a, b);
    COMPARE(sub, a, b);
    COMPARE(mul, a, b);
    COMPARE(div, a, b);
    COMPARE(sqrt, a);
    COMPARE(fma, c, a, b);
    COMPARE(compare, a, b, false);
    COMPARE(compare, a, b, true);
    COMPARE(to_s32, a, true);
    COMPARE(to_s32, a, false);
    COMPARE(to_u32, a, true);
    COMPARE(to_u32, a, false);
    COMPARE(from_s32, a);
    COMPARE(from_u32, a);
}

void check_known_vectors() {
    FpState state;
    fp::set_fpscr(state, 0xFFFFFFFF);
    expect("FPSCR implemented bits", fp::get_fpscr(state), 0xF7C0009F);
    fp::set_fpscr(state, 0);
    expect("SNaN comes before QNaN", fp::add(state, 0x7FC00001, 0xFF800002), 0xFFC00002);
    expect("and raises IOC", fp::get_fpscr(state), fp::FPSCR::IOC);
    expect("inf - inf", fp::sub(state, 0x7F800000, 0x7F800000), fp::default_nan);
    expect("QNaN + inf * 0", fp::fma(state, 0x7FC00055, 0x7F800000, 0), fp::default_nan);
    expect("VMLA rounds twice", fp::mul_add(state, 0xBF800002, 0x3F800001, 0x3F800001), 0);
    expect("VFMA once", fp::fma(state, 0xBF800002, 0x3F800001, 0x3F800001), 0x28800000);
    expect("1.0", fp::expand_immediate(0x70), 0x3F800000);
    expect("-0.125", fp::expand_immediate(0xC0), 0xBE000000);
    expect("31.0", fp::expand_immediate(0x3F), 0x41F80000);
    fp::set_fpscr(state, 0);
    const uint32_t underflow = fp::FPSCR::UFC | fp::FPSCR::IXC;
    expect("just below the minimum normal", fp::mul(state, 0x2021E58F, 0x1FCA6691), 0x00800000);
    expect("is tiny before rounding", fp::get_fpscr(state), underflow);
    fp::set_fpscr(state, 0);
    expect("also fused", fp::fma(state, 0x00800000, 0x0D800000, 0x8D800000), 0x00800000);
    expect("and tiny", fp::get_fpscr(state), underflow);
    fp::set_fpscr(state, fp::FPSCR::FZ);
    expect("flushed result", fp::mul(state, 0x80FFFFFF, 0x3F000000), 0x80000000);
    expect("UFC alone", fp::get_fpscr(state), fp::FPSCR::FZ | fp::FPSCR::UFC);
}

void check_flags_accumulate() {
    FpState state;
    fp::host_enter(state);
    fp::set_fpscr(state, 0);
    fp::div(state, 0x3F800000, 0);
    expect("DZC", fp::get_fpscr(state), fp::FPSCR::DZC);
    fp::add(state, 0x3F800000, 0x00800000);
    fp::add(state, 0x3F800000, 0x3F800000);
    expect("DZC and IXC", fp::get_fpscr(state), fp::FPSCR::DZC | fp::FPSCR::IXC);
    fp::host_leave(state);
    expect("kept after leaving", fp::get_fpscr(state), fp::FPSCR::DZC | fp::FPSCR::IXC);
    fp::host_enter(state);
    fp::set_nzcv(state, fp::compare(state, 0x3F800000, 0xBF800000, true));
    expect("NZCV beside them", fp::get_fpscr(state), 0x20000000 | fp::FPSCR::DZC | fp::FPSCR::IXC);
    fp::set_fpscr(state, 0);
    expect("cleared by VMSR", fp::get_fpscr(state), 0);
    fp::host_leave(state);
}

}  // namespace

int main(int argument_count, char** arguments) {
    long rounds = argument_count > 1 ? std::atol(arguments[1]) : 200'000;
    check_known_vectors();
    check_flags_accumulate();
    for (long round = 0; round < rounds && failures < 20; ++round) {
        uint32_t a = random_operand(), b = random_operand(), c = random_operand();
        compare_fast_with_slow(a, b, c);
    }
    std::printf("fp: %ld rounds, %d failures\n", rounds, failures);
    return failures != 0;
}
