#include "cpu/code_cache.h"

#include <algorithm>

#include "cpu/code_run.h"
#include "cpu/lower.h"

namespace tinysim {
namespace {

uint8_t advance_it(uint8_t it) { return (it & 7) == 0 ? 0 : static_cast<uint8_t>((it & 0xE0) | ((it << 1) & 0x1F)); }

Handler handler_of(const Insn& insn) {
    using Choice = Handler (*)(const Insn&);
    static constexpr Choice choices[] = {alu_handler, multiply_handler, dsp_handler, memory_handler,
                                         multiple_handler, branch_handler, system_handler, fp_handler, fp_transfer_handler};
    for (Choice choice : choices)
        if (Handler found = choice(insn)) return found;
    return op_undefined;
}

// Nothing comes behind it that is not entered by a branch.
bool ends_run(const TimedInsn& timed) {
    const Kind kind = timed.insn.kind;
    return kind == Kind::undefined || (timed.always_taken && kind != Kind::bl && kind != Kind::blx);
}

uint64_t key_of(uint32_t address, uint8_t boundary, uint8_t itstate) {
    return static_cast<uint64_t>(address) << 16 | static_cast<uint64_t>(itstate) << 8 | boundary;
}

}  // namespace

CodeCache::CodeCache(Bus& bus, const CoreTiming& timing, bool is_exact) : bus_(bus), timing_(timing), is_exact_(is_exact) {}

void CodeCache::reserve(size_t ops) {
    if (free_ != nullptr && static_cast<size_t>(chunk_end_ - free_) >= ops) return;
    // One slot in front, so that a handler may look at the op before its own.
    chunks_.push_back(std::make_unique<Op[]>(chunk_ops + 1));
    free_ = chunks_.back().get() + 1;
    chunk_end_ = free_ + chunk_ops - 1;
    used_ops_ += chunk_ops;
}

Op* CodeCache::emit(Handler handler, const Run& at) {
    Op* op = free_++;
    *op = Op{};
    op->run = handler;
    op->pc = at.address;
    op->before = op->after = at.boundary.packed();
    op->it = at.it;
    return op;
}

CodeCache::Map* CodeCache::map_of(uint32_t address) {
    const Region* region = bus_.find(address);
    if (region == nullptr || region->memory == nullptr) return nullptr;
    auto [place, is_new] = maps_.try_emplace(region->start);
    if (is_new) {
        const uint32_t size = region->last - region->start + 1;
        place->second = {region->memory, region->start, size, std::vector<Op*>(size / 2 + 1, nullptr)};
    }
    return &place->second;
}

// Where the op with this way in is kept; null: nowhere yet.
Op** CodeCache::slot_of(uint32_t address, uint8_t boundary, uint8_t itstate, bool makes) {
    if (boundary == 0 && itstate == 0)
        if (Map* map = map_of(address)) return &map->entries[(address - map->base) / 2];
    const uint64_t key = key_of(address, boundary, itstate);
    if (makes) return &inside_[key];
    auto found = inside_.find(key);
    return found == inside_.end() ? nullptr : &found->second;
}

Op* CodeCache::known(uint32_t address, uint8_t boundary, uint8_t itstate) {
    Op** slot = slot_of(address, boundary, itstate, false);
    return slot == nullptr ? nullptr : *slot;
}

CodeWindow CodeCache::window_of(uint32_t address) {
    Map* map = map_of(address);
    if (map == nullptr) return {};
    return {map->entries.data(), map->base, map->size};
}

bool CodeCache::fetch(uint32_t address, uint16_t& halfword) const {
    const Region* region = bus_.find(address);
    if (region == nullptr || region->memory == nullptr || address + 1 > region->last) return false;
    const Slave* slave = region->slave_at(address);
    if (slave != nullptr && slave->kind == SlaveKind::local) return false;      // on the data bus alone (CCM)
    const uint8_t* bytes = region->memory->data() + (address - region->start);
    halfword = static_cast<uint16_t>(bytes[0] | bytes[1] << 8);
    return true;
}

bool CodeCache::decode_at(uint32_t address, bool in_it, Insn& insn) const {
    uint16_t first = 0, second = 0;
    if (!fetch(address, first) || (may_execute && !may_execute(address))) return false;
    if (!is_thumb32(first)) {
        insn = decode16(first, address, in_it);
    } else {
        if (!fetch(address + 2, second) || (may_execute && !may_execute(address + 2))) return false;
        insn = decode32(first, second, address);
    }
    return true;
}

Op* CodeCache::at(uint32_t address, uint8_t boundary, uint8_t itstate) {
    Op* found = known(address, boundary, itstate);
    return found != nullptr ? found : decode_run(address, boundary, itstate);
}

Op* CodeCache::emit_insn(const Run& run, const TimedInsn& timed, int32_t stall) {
    const Insn& insn = timed.insn;
    Op* op = emit(handler_of(insn), run);
    op->imm = insn.imm;
    op->rd = insn.rd;
    op->rn = insn.rn;
    op->rm = insn.rm;
    op->ra = insn.ra;
    if (insn.kind == Kind::msr) op->rd = insn.sub;
    if (insn.kind == Kind::alu || insn.kind == Kind::load || insn.kind == Kind::store || insn.kind == Kind::load_pc ||
        insn.kind == Kind::extend || insn.kind == Kind::ssat || insn.kind == Kind::usat || insn.kind == Kind::pkhbt ||
        insn.kind == Kind::pkhtb || insn.kind == Kind::bfi || insn.kind == Kind::bfc || insn.kind == Kind::ubfx ||
        insn.kind == Kind::sbfx)
        op->ra = insn.shift;
    if (timed.branches && !timed.always_taken) {
        op->ra = static_cast<uint8_t>(is_exact_ ? 0 : timed.taken - timed.base);
        if (insn.imm == timed.next_address()) {             // there either way
            Insn nothing;
            nothing.kind = Kind::nop;
            op->run = system_handler(nothing);
        }
    }
    op->cost = one_instruction + (is_exact_ ? 0 : stall + timed.base + timed.adjust);
    if (is_exact_ && timed.is_load && timing_.pairs_across_blocks == 0) op->run = checked_load_handler(insn);
    if (is_exact_ || !timed.overlaps) return op;
    op->overlap = static_cast<uint8_t>(counts_on_block | run.boundary.block << 4);
    op->run = checked_load_handler(insn);
    return op;
}

// One instruction. False: the run ends.
bool CodeCache::decode_next(Run& run) {
    Insn insn;
    if (!decode_at(run.address, run.it != 0, insn)) {
        emit(op_fetch_fault, run);
        return false;
    }
    const TimedInsn timed(timing_, insn, run.has_previous ? &run.previous : nullptr);
    const bool is_entered = run.is_first() && run.boundary.previous_size == 0;
    if (!timed.counts_on_previous && !is_entered) run.boundary.previous_size = run.is_cached() && !is_exact_ ? Boundary::passed_by : 0;
    if (!timed.overlaps || is_exact_) run.boundary.block = 0;
    const uint8_t before = run.boundary.packed();
    if (run.last != nullptr) {
        run.last->after = static_cast<uint8_t>((before & ~3u) | static_cast<unsigned>(run.fetch_behind));
        if (timed.overlaps && !is_exact_) {
            run.last->overlap |= block_is_counted_on;
            run.last->run = checked_load_handler(run.previous);
        }
        if (Op* joined = known(run.address, before, run.it)) {
            emit(op_goto, run)->target = joined;
            return false;
        }
        if (chunk_end_ - free_ < 16) {
            emit(op_decode, run);
            return false;
        }
    }
    Op* here = free_;
    const bool stalls = timing_.fetch_queue != 0 && timed.needs_second && run.boundary.fetch == Fetch::streaming && !is_exact_;
    emit_in_front(run, timed, stalls ? 1 : 0);
    Op* op = emit_insn(run, timed, stalls ? 1 : 0);
    if (run.region != nullptr) run.region->memory->mark_code(run.address - run.region->start, insn.size);
    if (run.last != nullptr && run.last + 1 == op && run.it == 0 && run.last->it == 0 && !is_exact_ && op->run == handler_of(insn))
        if (Handler fused = fused_compare_branch(run.previous, insn)) run.last->run = fused;
    *slot_of(run.address, before, run.it, true) = here;

    const bool is_open = run.it != 0 || !ends_run(timed);
    if (!is_exact_) {
        const Fetch fetch = run.fetch_after(timed, stalls);
        run.boundary.fetch = idle_cycles(fetch, timed.base + timed.adjust - 1);
        const bool is_division = insn.kind == Kind::sdiv || insn.kind == Kind::udiv;
        run.fetch_behind = is_division ? fetch : run.boundary.fetch;
        if (is_division) run.boundary.fetch = Fetch::full;  // the handler says how long it takes: mostly the queue fills
        if (!timed.is_load) run.boundary.block = 0;
    }
    run.boundary.previous_size = insn.size;
    run.has_previous = true;
    run.previous = insn;
    run.last = op;
    run.it = insn.kind == Kind::it ? static_cast<uint8_t>(insn.imm) : advance_it(run.it);
    run.address += insn.size;
    return is_open;
}

// Dense ops from `address` on, until control leaves for good, or meets what is decoded already.
Op* CodeCache::decode_run(uint32_t address, uint8_t boundary, uint8_t itstate) {
    constexpr size_t run_ops = 1024;
    reserve(run_ops);
    Run run{address, Boundary::unpack(boundary), itstate, nullptr};
    if (const Region* region = bus_.find(address); region != nullptr && region->memory != nullptr) run.region = region;
    if (run.boundary.has_previous())
        run.has_previous = decode_at(address - run.boundary.previous_size, false, run.previous);
    Op* const first = free_;
    while (decode_next(run)) {}
    return first;
}

void CodeCache::flush() {
    chunks_.clear();
    free_ = chunk_end_ = nullptr;
    used_ops_ = 0;
    timed_.clear();
    inside_.clear();
    for (auto& [base, map] : maps_) std::fill(map.entries.begin(), map.entries.end(), nullptr);
}

void CodeCache::invalidate(const Memory& memory, uint32_t offset, uint32_t count) {
    // An op can depend on bytes up to an IT block (18) behind its own start, so look back that far.
    constexpr uint32_t reach = 20;
    for (auto& [base, map] : maps_) {
        if (map.memory != &memory) continue;
        const uint32_t begin = offset > reach ? offset - reach : 0;
        const uint32_t end = std::min(offset + count, map.size);
        for (uint32_t at = begin / 2; at < (end + 1) / 2; ++at) {
            if (map.entries[at] == nullptr) continue;
            map.entries[at]->run = op_decode;
            map.entries[at] = nullptr;
        }
        const auto from = inside_.lower_bound(key_of(base + begin, 0, 0)), to = inside_.lower_bound(key_of(base + end, 0, 0));
        for (auto each = from; each != to; ++each) each->second->run = op_decode;
        inside_.erase(from, to);
    }
}

void CodeCache::watch(uint32_t address) {
    if (watched_[address]++ != 0) return;
    const Region* region = bus_.find(address);
    if (region != nullptr && region->memory != nullptr) invalidate(*region->memory, address - region->start, 1);
}

}  // namespace tinysim
