#include "soc/stm32/dmamux.h"

#include "soc/stm32/numbered_output.h"

namespace tinysim::stm32 {

namespace {
constexpr uint32_t channel_bits = 0x1FFF037F, synchronised = 1u << 16 | 1u << 9, generator_bits = 0x00FF011F, generates = 1u << 16;
enum : uint32_t { CSR = 0x80, CFR = 0x84, RG0CR = 0x100, RGSR = 0x140, RGCFR = 0x144, words = RGCFR / 4 + 1 };
constexpr const char* channel_names[] = {"C0CR", "C1CR", "C2CR", "C3CR", "C4CR", "C5CR", "C6CR",
                                         "C7CR", "C8CR", "C9CR", "C10CR", "C11CR", "C12CR", "C13CR"};
constexpr const char* generator_names[] = {"RG0CR", "RG1CR", "RG2CR", "RG3CR"};
struct Map {
    Register rows[words];
};
constexpr Map registers() {
    Map map{};
    for (unsigned i = 0; i < std::size(channel_names); ++i) map.rows[i] = {channel_names[i], 0, channel_bits};
    for (unsigned i = 0; i < std::size(generator_names); ++i) map.rows[RG0CR / 4 + i] = {generator_names[i], 0, generator_bits};
    map.rows[CSR / 4] = {"CSR", 0, 0};
    map.rows[CFR / 4] = {"CFR", 0, 0};
    map.rows[RGSR / 4] = {"RGSR", 0, 0};
    map.rows[RGCFR / 4] = {"RGCFR", 0, 0};
    return map;
}
constexpr Map map = registers();
}  // namespace

Dmamux::Dmamux(const Construction& construction) : Peripheral(construction, map.rows, Bridge::ahb) {}

void Dmamux::reset() {
    Peripheral::reset();
    for (unsigned i = 0; i < channels; ++i) refresh(i);
}

Line* Dmamux::output(std::string_view name) {
    if (Line* const last_item = numbered_output(last_items_, name, "LastItem")) return last_item;
    return numbered_output(outputs_, name);
}

std::optional<Line::Sink> Dmamux::input(unsigned number) {
    if (number >= requests && number < requests + channels)
        return [this, channel = number - requests](bool level) { last_items_[request_of(channel)].set(level); };
    if (number == 0 || number >= requests) return std::nullopt;
    return [this, number](bool level) {
        levels_[number] = level ? 1 : 0;
        for (unsigned i = 0; i < channels; ++i)
            if (request_of(i) == number) refresh(i);
    };
}

void Dmamux::write_register(uint32_t offset, uint32_t written) {
    store(offset, written);
    if (offset < 4 * channels) {
        if ((written & synchronised) != 0) not_modelled();
        refresh(offset / 4);
    } else if (offset >= RG0CR && offset < RGSR && (written & generates) != 0) {
        not_modelled();
    }
}

void Dmamux::state(Archive& archive) {
    Peripheral::state(archive);
    archive(levels_, outputs_, last_items_);
}

}  // namespace tinysim::stm32
