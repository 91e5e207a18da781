// Handlers of single loads and stores. The fast path is one window look-up; all else (devices, unaligned, code in
// RAM, faults) goes by a tail call to the slow twin of the same handler. DDI 0403 A7.7.
#include <array>
#include <cstring>
#include <utility>

#include "cpu/flash_load.h"
#include "cpu/lower.h"

namespace tinysim {
namespace {

// pre_sp: writes back to SP, whose bits 1:0 stay zero, with an offset that is no multiple of four.
enum class At : uint8_t { offset, pre, post, reg, reg_shifted, literal, pre_sp };

template <Width W>
struct Unit;
template <> struct Unit<Width::word> { using Type = uint32_t; };
template <> struct Unit<Width::byte> { using Type = uint8_t; };
template <> struct Unit<Width::half> { using Type = uint16_t; };
template <> struct Unit<Width::sbyte> { using Type = int8_t; };
template <> struct Unit<Width::shalf> { using Type = int16_t; };

template <Width W>
using UnitOf = typename Unit<W>::Type;

struct Place {
    uint32_t address;
    uint32_t indexed;          // what a pre- or post-indexed form writes back
};

template <At A>
[[gnu::always_inline]] inline Place place(const Cpu* cpu, const Op* op) {
    if constexpr (A == At::literal) return {op->imm, 0};
    const uint32_t base = cpu->r[op->rn];
    if constexpr (A == At::reg) return {base + cpu->r[op->rm], 0};
    if constexpr (A == At::reg_shifted) return {base + (cpu->r[op->rm] << op->ra), 0};
    const uint32_t indexed = base + op->imm;
    return {A == At::post ? base : indexed, A == At::pre_sp ? indexed & ~3u : indexed};
}

template <At A>
inline constexpr bool writes_back = A == At::pre || A == At::post || A == At::pre_sp;

template <Width W>
uint32_t extended(uint32_t value) {
    return static_cast<uint32_t>(static_cast<int32_t>(static_cast<UnitOf<W>>(value)));
}
template <>
uint32_t extended<Width::word>(uint32_t value) { return value; }

template <Width W, At A, bool ToSp>
[[gnu::noinline, gnu::cold]] void load_slow(TINYSIM_OP_ARGS) {
    const Place where = place<A>(cpu, op);
    cpu->op = op;
    const Loaded loaded = cpu->slow_load(where.address, sizeof(UnitOf<W>), cycles_of(cl));
    cl = with_cycles(cl, loaded.cl);
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    if constexpr (writes_back<A>) cpu->r[op->rn] = where.indexed;
    const uint32_t value = extended<W>(loaded.value);
    cpu->r[op->rd] = ToSp ? value & ~3u : value;
    next_late(TINYSIM_OP_PASS);
}

// Flash, which mostly is busy with nothing else.
template <Width W, At A, bool ToSp>
[[gnu::noinline]] void load_from_flash(TINYSIM_OP_ARGS) {
    using T = UnitOf<W>;
    const Place where = place<A>(cpu, op);
    const Window& window = cpu->windows[where.address >> Bus::page_shift];
    const uint32_t offset = where.address - window.base;
    const bool is_aligned = (where.address & (sizeof(T) - 1)) == 0;
    const int32_t wait = is_aligned ? flash_wait(op, cpu, window, offset, cl) : -1;
    if (wait < 0) return load_slow<W, A, ToSp>(TINYSIM_OP_PASS);
    T raw;
    std::memcpy(&raw, window.bytes + offset, sizeof raw);
    if constexpr (writes_back<A>) cpu->r[op->rn] = where.indexed;
    const auto value = static_cast<uint32_t>(static_cast<int32_t>(raw));
    cpu->r[op->rd] = ToSp ? value & ~3u : value;
    return next_behind(wait, window, TINYSIM_OP_PASS);
}

// Checked: the cost of this load or of the next counts on the memory block, which bits 7:4 of `overlap` name.
template <Width W, At A, bool ToSp, bool Checked>
void load(TINYSIM_OP_ARGS) {
    using T = UnitOf<W>;
    const Place where = place<A>(cpu, op);
    const Window& window = cpu->windows[where.address >> Bus::page_shift];
    const uint32_t offset = where.address - window.base;
    if (offset >= window.read_limit || (where.address & (sizeof(T) - 1)) != 0) [[unlikely]]
        return load_from_flash<W, A, ToSp>(TINYSIM_OP_PASS);
    if constexpr (Checked)
        if (window.block != op->overlap >> 4) [[unlikely]] return load_slow<W, A, ToSp>(TINYSIM_OP_PASS);
    T raw;
    std::memcpy(&raw, window.bytes + offset, sizeof raw);
    if constexpr (writes_back<A>) cpu->r[op->rn] = where.indexed;
    const auto value = static_cast<uint32_t>(static_cast<int32_t>(raw));
    cpu->r[op->rd] = ToSp ? value & ~3u : value;
    next(TINYSIM_OP_PASS);
}

template <Width W, At A>
[[gnu::noinline, gnu::cold]] void store_slow(TINYSIM_OP_ARGS) {
    const Place where = place<A>(cpu, op);
    cpu->op = op;
    cl = with_cycles(cl, cpu->slow_store(where.address, cpu->r[op->rd], sizeof(UnitOf<W>), cycles_of(cl)));
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    if constexpr (writes_back<A>) cpu->r[op->rn] = where.indexed;
    next_late(TINYSIM_OP_PASS);
}

template <Width W, At A>
void store(TINYSIM_OP_ARGS) {
    using T = UnitOf<W>;
    const Place where = place<A>(cpu, op);
    const Window& window = cpu->windows[where.address >> Bus::page_shift];
    const uint32_t offset = where.address - window.base;
    if (offset >= window.write_limit || (where.address & (sizeof(T) - 1)) != 0) [[unlikely]]
        return store_slow<W, A>(TINYSIM_OP_PASS);
    const T raw = static_cast<T>(cpu->r[op->rd]);
    std::memcpy(window.bytes + offset, &raw, sizeof raw);
    if constexpr (writes_back<A>) cpu->r[op->rn] = where.indexed;
    next(TINYSIM_OP_PASS);
}

// LDRT and STRT: as if unprivileged, always by the slow path.
template <Width W>
void load_unprivileged(TINYSIM_OP_ARGS) {
    cpu->op = op;
    cpu->forces_unprivileged = true;
    const Loaded loaded = cpu->slow_load(cpu->r[op->rn] + op->imm, sizeof(UnitOf<W>), cycles_of(cl));
    cpu->forces_unprivileged = false;
    cl = with_cycles(cl, loaded.cl);
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    cpu->r[op->rd] = extended<W>(loaded.value);
    next_late(TINYSIM_OP_PASS);
}

template <Width W>
void store_unprivileged(TINYSIM_OP_ARGS) {
    cpu->op = op;
    cpu->forces_unprivileged = true;
    cl = with_cycles(cl, cpu->slow_store(cpu->r[op->rn] + op->imm, cpu->r[op->rd], sizeof(UnitOf<W>), cycles_of(cl)));
    cpu->forces_unprivileged = false;
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    next_late(TINYSIM_OP_PASS);
}

constexpr std::array<Handler, 5> unprivileged_loads = {load_unprivileged<Width::word>, load_unprivileged<Width::byte>,
                                                       load_unprivileged<Width::half>, load_unprivileged<Width::sbyte>,
                                                       load_unprivileged<Width::shalf>};
constexpr std::array<Handler, 3> unprivileged_stores = {store_unprivileged<Width::word>, store_unprivileged<Width::byte>,
                                                        store_unprivileged<Width::half>};

using Row = std::array<Handler, 7>;

template <Width W, bool ToSp, bool Checked, size_t... A>
constexpr Row loads_at(std::index_sequence<A...>) { return {&load<W, static_cast<At>(A), ToSp, Checked>...}; }
template <Width W, size_t... A>
constexpr Row stores_at(std::index_sequence<A...>) { return {&store<W, static_cast<At>(A)>...}; }

constexpr auto every_form = std::make_index_sequence<7>();
template <bool Checked>
constexpr std::array<Row, 5> loads = {loads_at<Width::word, false, Checked>(every_form), loads_at<Width::byte, false, Checked>(every_form),
                                      loads_at<Width::half, false, Checked>(every_form), loads_at<Width::sbyte, false, Checked>(every_form),
                                      loads_at<Width::shalf, false, Checked>(every_form)};
template <bool Checked>
constexpr Row loads_to_sp = loads_at<Width::word, true, Checked>(every_form);
constexpr std::array<Row, 3> stores = {stores_at<Width::word>(every_form), stores_at<Width::byte>(every_form),
                                       stores_at<Width::half>(every_form)};

unsigned form_of(const Insn& insn) {
    switch (insn.mode) {
        case Mode::pre: return static_cast<unsigned>(insn.rn == 13 && (insn.imm & 3) != 0 ? At::pre_sp : At::pre);
        case Mode::post: return static_cast<unsigned>(At::post);
        case Mode::reg: return static_cast<unsigned>(insn.shift != 0 ? At::reg_shifted : At::reg);
        case Mode::literal: return static_cast<unsigned>(At::literal);
        default: return static_cast<unsigned>(At::offset);
    }
}

template <bool Checked>
Handler load_handler(const Insn& insn) {
    return (insn.rd == 13 && insn.width() == Width::word ? loads_to_sp<Checked> : loads<Checked>[insn.sub])[form_of(insn)];
}

}  // namespace

Handler memory_handler(const Insn& insn) {
    if (insn.s && insn.kind == Kind::load) return unprivileged_loads[insn.sub];
    if (insn.s && insn.kind == Kind::store) return unprivileged_stores[insn.sub];
    if (insn.kind == Kind::load) return load_handler<false>(insn);
    if (insn.kind == Kind::store) return stores[insn.sub][form_of(insn)];
    return nullptr;
}

Handler checked_load_handler(const Insn& insn) {
    if (insn.kind == Kind::vload) return checked_fp_load_handler(insn);
    if (insn.kind != Kind::load) return multiple_handler(insn);         // exclusives never take the windows
    return insn.s ? memory_handler(insn) : load_handler<true>(insn);
}

}  // namespace tinysim
