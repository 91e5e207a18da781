#include "soc/stm32/timer_registers.h"

namespace tinysim::stm32::tim {

namespace {
constexpr uint32_t half = 0xFFFF, word = 0xFFFFFFFF, burst = 0x1F1F;

constexpr Register basic[] = {
    {"CR1", 0, 0x8F}, {"CR2", 0, 0x70}, {}, {"DIER", 0, 0x101}, {"SR", 0, 0}, {"EGR", 0, 0}, {}, {}, {},
    {"CNT", 0, half}, {"PSC", 0, half}, {"ARR", half, half},
};
constexpr Register basic_extended[] = {
    {"CR1", 0, 0x88F}, {"CR2", 0, 0x70}, {}, {"DIER", 0, 0x101}, {"SR", 0, 0}, {"EGR", 0, 0}, {}, {}, {},
    {"CNT", 0, half}, {"PSC", 0, half}, {"ARR", half, half},
};
constexpr Register one_channel[] = {
    {"CR1", 0, 0x38F}, {}, {}, {"DIER", 0, 3}, {"SR", 0, 0}, {"EGR", 0, 0}, {"CCMR1", 0, 0xFF}, {}, {"CCER", 0, 0xB},
    {"CNT", 0, half}, {"PSC", 0, half}, {"ARR", half, half}, {}, {"CCR1", 0, half}, {}, {}, {}, {}, {}, {}, {"OR", 0, 3},
};
constexpr Register two_channels[] = {
    {"CR1", 0, 0x38F}, {"CR2", 0, 0x70}, {"SMCR", 0, 0xF7}, {"DIER", 0, 0x47}, {"SR", 0, 0}, {"EGR", 0, 0},
    {"CCMR1", 0, half}, {}, {"CCER", 0, 0xBB}, {"CNT", 0, half}, {"PSC", 0, half}, {"ARR", half, half}, {},
    {"CCR1", 0, half}, {"CCR2", 0, half},
};
constexpr Register general[] = {
    {"CR1", 0, 0x3FF}, {"CR2", 0, 0xF8}, {"SMCR", 0, 0xFFF7}, {"DIER", 0, 0x5F5F}, {"SR", 0, 0}, {"EGR", 0, 0},
    {"CCMR1", 0, half}, {"CCMR2", 0, half}, {"CCER", 0, 0xBBBB}, {"CNT", 0, word}, {"PSC", 0, half}, {"ARR", word, word}, {},
    {"CCR1", 0, word}, {"CCR2", 0, word}, {"CCR3", 0, word}, {"CCR4", 0, word}, {}, {"DCR", 0, burst}, {"DMAR", 0, 0},
    {"OR", 0, 0x0CC0},
};
constexpr Register advanced[] = {
    {"CR1", 0, 0x3FF}, {"CR2", 0, 0x7FFD}, {"SMCR", 0, 0xFFF7}, {"DIER", 0, 0x7FFF}, {"SR", 0, 0}, {"EGR", 0, 0},
    {"CCMR1", 0, half}, {"CCMR2", 0, half}, {"CCER", 0, 0x3FFF}, {"CNT", 0, half}, {"PSC", 0, half}, {"ARR", half, half},
    {"RCR", 0, 0xFF}, {"CCR1", 0, half}, {"CCR2", 0, half}, {"CCR3", 0, half}, {"CCR4", 0, half}, {"BDTR", 0, half},
    {"DCR", 0, burst}, {"DMAR", 0, 0},
};
constexpr uint32_t two_modes = 0x0101FFFF;
constexpr Register one_extended[] = {
    {"CR1", 0, 0xB8F}, {"CR2", 0, 0x30D}, {}, {"DIER", 0, 0x63E3}, {"SR", 0, 0}, {"EGR", 0, 0}, {"CCMR1", 0, 0x100FF}, {},
    {"CCER", 0, 0xF}, {"CNT", 0, half}, {"PSC", 0, half}, {"ARR", half, half}, {"RCR", 0, 0xFF}, {"CCR1", 0, half}, {}, {}, {},
    {"BDTR", 0, 0xFFFFF}, {"DCR", 0, burst}, {"DMAR", 0, 0}, {"OR1", 0, 3}, {}, {}, {}, {"OR2", 1, 0xF07},
};
constexpr Register two_extended[] = {
    {"CR1", 0, 0xB8F}, {"CR2", 0, 0x7FD}, {"SMCR", 0, 0x100F7}, {"DIER", 0, 0x67E7}, {"SR", 0, 0}, {"EGR", 0, 0},
    {"CCMR1", 0, two_modes}, {}, {"CCER", 0, 0xBF}, {"CNT", 0, half}, {"PSC", 0, half}, {"ARR", half, half}, {"RCR", 0, 0xFF},
    {"CCR1", 0, half}, {"CCR2", 0, half}, {}, {}, {"BDTR", 0, 0xFFFFF}, {"DCR", 0, burst}, {"DMAR", 0, 0}, {"OR1", 0, 7}, {}, {}, {},
    {"OR2", 1, 0xF07},
};
constexpr Register general_extended[] = {
    {"CR1", 0, 0xBFF}, {"CR2", 0, 0xF8}, {"SMCR", 0, 0x1FFF7}, {"DIER", 0, 0x5F5F}, {"SR", 0, 0}, {"EGR", 0, 0},
    {"CCMR1", 0, two_modes}, {"CCMR2", 0, two_modes}, {"CCER", 0, 0xBBBB}, {"CNT", 0, word}, {"PSC", 0, half},
    {"ARR", word, word}, {}, {"CCR1", 0, word}, {"CCR2", 0, word}, {"CCR3", 0, word}, {"CCR4", 0, word}, {}, {"DCR", 0, burst},
    {"DMAR", 0, 0}, {"OR1", 0, 0x1F}, {}, {}, {}, {"OR2", 0, 0x1C000},
};
constexpr Register advanced_extended[] = {
    {"CR1", 0, 0xBFF}, {"CR2", 0, 0xF57FFD}, {"SMCR", 0, 0x1FFF7}, {"DIER", 0, 0x7FFF}, {"SR", 0, 0}, {"EGR", 0, 0},
    {"CCMR1", 0, two_modes}, {"CCMR2", 0, two_modes}, {"CCER", 0, 0x33BFFF}, {"CNT", 0, half}, {"PSC", 0, half},
    {"ARR", half, half}, {"RCR", 0, half}, {"CCR1", 0, half}, {"CCR2", 0, half}, {"CCR3", 0, half}, {"CCR4", 0, half},
    {"BDTR", 0, 0x3FFFFFF}, {"DCR", 0, burst}, {"DMAR", 0, 0}, {"OR1", 0, 0x1F}, {"CCMR3", 0, 0x0101FCFC}, {"CCR5", 0, 0xE000FFFF},
    {"CCR6", 0, half}, {"OR2", 1, 0x1CF07}, {"OR3", 1, 0xF07},
};
constexpr int64_t half_limit = half;
}  // namespace

Shape::Shape(const Construction& construction)
    : limit(static_cast<uint32_t>(construction.number("initialLimit", half_limit))),
      channels(static_cast<unsigned>(construction.number("channels", pin_channels))),
      complements(static_cast<unsigned>(construction.number("complements", 0))), extended(construction.number("extended", 0) != 0) {}

Remap::Remap(const Construction& construction)
    : channel(static_cast<unsigned>(construction.number("remapChannel", 0)) % (pin_channels + 1)),
      position(static_cast<uint32_t>(construction.number("remapPosition", 0)) % 31),
      bits(static_cast<uint32_t>(construction.number("remapBits", 2)) % 4),
      sources(static_cast<uint32_t>(construction.number("remapSources", 0))) {}

RegisterTable Shape::table() const {
    if (channels == 0) return extended ? RegisterTable(basic_extended) : RegisterTable(basic);
    if (channels == 1) return extended ? RegisterTable(one_extended) : RegisterTable(one_channel);
    if (channels == 2) return extended ? RegisterTable(two_extended) : RegisterTable(two_channels);
    if (complements == 0) return extended ? RegisterTable(general_extended) : RegisterTable(general);
    return extended ? RegisterTable(advanced_extended) : RegisterTable(advanced);
}

}  // namespace tinysim::stm32::tim
