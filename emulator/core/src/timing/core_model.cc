#include "timing/core_model.h"

#include <bit>

#include "bus/bus.h"
#include "tinysim/archive.h"

namespace tinysim {
namespace {

uint8_t transfers_of(const Insn& i) {
    switch (i.kind) {
        case Kind::load: case Kind::store: case Kind::load_exclusive: case Kind::store_exclusive: case Kind::load_pc:
        case Kind::table_byte: case Kind::table_half:
            return 1;
        case Kind::load_dual: case Kind::store_dual: return 2;
        case Kind::load_multiple: case Kind::store_multiple: return static_cast<uint8_t>(std::popcount(i.imm & 0xFFFF));
        case Kind::vload: case Kind::vstore: return static_cast<uint8_t>(1 + (i.sub & 1));
        case Kind::vload_multiple: case Kind::vstore_multiple: return static_cast<uint8_t>(i.imm);
        default: return 0;
    }
}

bool leaves_for_good(const Insn& i) {
    switch (i.kind) {
        case Kind::b: case Kind::bl: case Kind::bx: case Kind::blx: case Kind::mov_pc: case Kind::add_pc: case Kind::load_pc:
        case Kind::table_byte: case Kind::table_half:
            return true;
        case Kind::load_multiple: return (i.imm & 0x8000) != 0;
        default: return false;
    }
}

}  // namespace

TimedInsn::TimedInsn(const CoreTiming& timing, const Insn& i, const Insn* previous) : insn(i) {
    if (previous != nullptr) {
        adjust = timing.following(*previous, i);
        overlaps = timing.overlaps(*previous, i) && timing.pairs_across_blocks == 0;
    }
    always_taken = leaves_for_good(i);
    branches = always_taken || i.kind == Kind::bcond || i.kind == Kind::cbz || i.kind == Kind::cbnz;
    is_fp = i.kind >= Kind::vadd;
    // Measured: runs of wide stores starve one instruction later than others.
    const auto is_wide_store = [](const Insn& one) { return one.kind == Kind::store && one.size == 4; };
    const bool follows_store = previous != nullptr && is_wide_store(*previous);
    const bool hides = is_wide_store(i) && !follows_store && timing.wide_store_hides_restart != 0;
    counts_on_previous = adjust != 0 || (is_wide_store(i) && follows_store);
    restart = static_cast<int8_t>(timing.fetch_restart - (hides ? 2 : 0));
    taken = timing.taken(i);
    base = always_taken ? taken : timing.base(i);
    accesses = transfers_of(i);
    is_load = i.kind == Kind::load || i.kind == Kind::load_exclusive || (i.kind == Kind::vload && i.sub == 0);
    consumes = i.size == 4 || (i.address & 2) != 0;
    needs_second = i.size == 4 && (i.address & 2) != 0;
    is_multiple = (i.kind == Kind::load_multiple && !always_taken) || i.kind == Kind::store_multiple || i.kind == Kind::load_dual ||
                  i.kind == Kind::store_dual || i.kind == Kind::vload_multiple || i.kind == Kind::vstore_multiple ||
                  i.kind == Kind::sdiv || i.kind == Kind::udiv;
    uses_system_bus = accesses != 0 && i.mode != Mode::literal;
}

FetchWait CodePort::ask_elsewhere(uint32_t address, Cycle at) const {
    if (region == nullptr || address - start > last - start || matrix == nullptr) return {wait, 0, 0};
    const AccessCost cost = matrix->fetch(*region, address, at * ticks_per_cycle);
    return {wait + cost.cycles, cost.contention, cost.holder};
}

void CoreModel::branch(uint32_t address, Cycle start) {
    queue_.branch(address, start, [this](uint32_t word, Cycle at, FetchWait& wait) { port.ask(word, at, wait); });
    expected_ = address;
    block_ = 0;
    previous_skipped_ = false;
}

void CoreModel::settle(uint32_t address, Boundary boundary, Cycle now, bool asks_again) {
    queue_.settle(address, boundary.fetch, now);
    if (asks_again) queue_.ask_last_again([this](uint32_t word, Cycle at, FetchWait& wait) { port.ask(word, at, wait); });
    block_ = boundary.block;
    previous_skipped_ = false;
    expected_ = address;
}

void CoreModel::delay(int32_t wait) {
    const int32_t stall = std::max(0, stall_ - wait);
    issue_ += wait + stall - stall_;
    stall_ = stall;
    queue_ = queue_before_;
    consume(*begun_);
}

Cost CoreModel::split(const TimedInsn& insn, int32_t extra, const DataCost& data, bool skipped) const {
    Cost cost;
    cost.base = insn.accesses != 0 && !skipped ? std::min(own_, static_cast<int32_t>(insn.accesses)) : own_;
    cost.load_store = own_ - cost.base;
    cost.flash = data.flash;
    cost.contention = data.contention;
    cost.holder = data.holder;
    const int32_t rest = extra - data.flash - data.contention;
    (insn.accesses != 0 ? cost.load_store : cost.base) += rest;
    const int32_t fetch_contention = std::min(stall_, kept_wait_.contention);
    const int32_t fetch_flash = std::min(stall_ - fetch_contention, port.flash != nullptr ? kept_wait_.cycles : 0);
    cost.flash += fetch_flash;
    cost.contention += fetch_contention;
    if (fetch_contention != 0) cost.holder = kept_wait_.holder;
    cost.fetch = stall_ - fetch_flash - fetch_contention;
    return cost;
}

void FetchQueue::Slot::state(Archive& archive) { archive(asked, usable, wait.cycles, wait.contention, wait.holder); }
void FetchQueue::state(Archive& archive) {
    archive(word_);
    for (unsigned i = 0; i < words; ++i) slot(i).state(archive);
}
void CoreModel::state(Archive& archive) {
    queue_.state(archive);
    archive(expected_, block_, previous_skipped_);
}

}  // namespace tinysim
