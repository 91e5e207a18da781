#include "cpu/code_cache.h"

#include <algorithm>

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

bool ends_run(const Insn& insn) {
    switch (insn.kind) {
        case Kind::b: case Kind::bx: case Kind::mov_pc: case Kind::add_pc: case Kind::load_pc:
        case Kind::table_byte: case Kind::table_half: case Kind::undefined:
            return true;
        case Kind::load_multiple: return (insn.imm & 0x8000) != 0;
        default: return false;
    }
}

// Single loads and stores: when they reach the bus can be seen from outside.
bool accesses_memory(const Insn& insn) {
    switch (insn.kind) {
        case Kind::load: case Kind::store: case Kind::load_dual: case Kind::store_dual: case Kind::load_exclusive:
        case Kind::store_exclusive: case Kind::store_multiple: case Kind::vload: case Kind::vstore:
        case Kind::vload_multiple: case Kind::vstore_multiple:
            return true;
        case Kind::load_multiple: return !ends_run(insn);
        default: return false;
    }
}

const Op* dense_of(const Op* entry) { return entry->run == op_enter ? entry->target : entry; }

}  // namespace

CodeCache::CodeCache(Bus& bus, const CoreTiming& timing) : bus_(bus), timing_(timing) {}

void CodeCache::reserve(size_t ops) {
    if (free_ != nullptr && static_cast<size_t>(chunk_end_ - free_) >= ops) return;
    // One slot in front, so that a handler may look at the op before its own.
    chunks_.push_back(std::make_unique<Op[]>(chunk_ops + 1));
    free_ = chunks_.back().get() + 1;
    chunk_end_ = free_ + chunk_ops - 1;
    used_ops_ += chunk_ops;
}

Op* CodeCache::emit(Handler run, uint32_t address) {
    Op* op = free_++;
    *op = Op{};
    op->run = run;
    op->pc = address;
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

Op** CodeCache::slot_of(uint32_t address) {
    Map* map = map_of(address);
    return map == nullptr ? nullptr : &map->entries[(address - map->base) / 2];
}

CodeWindow CodeCache::window_of(uint32_t address) {
    Map* map = map_of(address);
    if (map == nullptr) return {};
    return {map->entries.data(), map->base, map->size};
}

bool CodeCache::fetch(uint32_t address, uint16_t& halfword) const {
    const Region* region = bus_.find(address);
    if (region == nullptr || region->memory == nullptr || address + 1 > region->last) return false;
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

Op* CodeCache::entry(uint32_t address, uint8_t itstate) {
    if (itstate != 0) {
        const uint64_t key = static_cast<uint64_t>(itstate) << 32 | address;
        auto found = inside_it_.find(key);
        if (found != inside_it_.end()) return found->second;
        return inside_it_[key] = decode_run(address, itstate, false);
    }
    Op** slot = slot_of(address);
    if (slot != nullptr && *slot != nullptr) return *slot;
    return decode_run(address, 0, slot != nullptr);
}

Op* CodeCache::make_stub(Op* target, int32_t adjustment, uint32_t address) {
    Op* stub = emit(op_enter, address);
    stub->target = target;
    stub->cost = -adjustment;
    return stub;
}

void CodeCache::emit_insn(const Insn& insn, int32_t adjustment) {
    const uint32_t flag = CoreTiming::pays_wide_target(insn) ? 1 : 0;
    Op* op = emit(handler_of(insn), insn.address | flag);
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
    const bool branches = ends_run(insn) || insn.kind == Kind::bl || insn.kind == Kind::blx;
    op->cost = one_instruction + (branches ? timing_.taken(insn) : timing_.base(insn)) + adjustment;
}

// Dense ops from `address` on, until control leaves for good, or meets what is decoded already.
Op* CodeCache::decode_run(uint32_t address, uint8_t itstate, bool enter_in_map, int32_t first_adjustment) {
    struct Stub { uint32_t address; Op* target; int32_t adjustment; };
    constexpr size_t run_ops = 1024, slack = 16;      // slack: an IT block is not split
    reserve(2 * run_ops);                                   // ops, and at most one stub for each
    Op* const first = free_;
    Op* const run_end = free_ + run_ops - slack;
    std::vector<Stub> stubs;
    Insn previous;
    bool has_previous = false;
    uint8_t it = itstate;
    bool open = true;
    while (open) {
        const bool in_it = it != 0;
        Insn insn;
        if (!decode_at(address, in_it, insn)) {
            emit(op_fetch_fault, address);
            break;
        }
        Op** slot = slot_of(address);
        const int32_t adjustment = has_previous ? timing_.following(previous, insn) : free_ == first ? first_adjustment : 0;
        const bool is_known = !in_it && free_ != first && *slot != nullptr;
        if (is_known && adjustment != 0 && accesses_memory(insn) && !is_watched(address)) {
            // Its adjustment must come behind its access: a copy of its own, then on behind the original.
            Op* known = *slot;
            emit_insn(insn, adjustment);
            emit(op_goto, address + insn.size)->target = (known->run == op_enter ? known->target : known) + 1;
            break;
        }
        if (is_known || (!in_it && free_ >= run_end)) {
            Op* link = emit(is_known ? op_goto : op_decode_behind, address);
            if (is_known) link->target = *slot;
            link->cost = adjustment;
            break;
        }
        Op* here = free_;
        const uint32_t flag = CoreTiming::pays_wide_target(insn) ? 1 : 0;
        if (is_watched(address)) emit(op_mark, address | flag);
        if (in_it) {
            Op* skip = emit(skip_unless(it >> 4), address | flag);
            skip->rd = it;
        }
        emit_insn(insn, adjustment);
        if (const Region* region = bus_.find(address))
            region->memory->mark_code(address - region->start, insn.size);
        if (has_previous && free_ - here == 1)
            if (Handler fused = fused_compare_branch(previous, insn)) (here - 1)->run = fused;
        if (!in_it && (here != first || enter_in_map)) {
            *slot = here;
            if (adjustment != 0) stubs.push_back({address, here, adjustment});
        }
        open = in_it || !ends_run(insn);
        has_previous = !in_it;
        previous = insn;
        it = insn.kind == Kind::it ? static_cast<uint8_t>(insn.imm) : advance_it(it);
        address += insn.size;
    }
    for (const Stub& stub : stubs) {
        const uint32_t flag = stub.target->pc & 1;
        *slot_of(stub.address) = make_stub(stub.target, stub.adjustment, stub.address | flag);
    }
    return first;
}

// What an op charges for its predecessor: its cost less that of who enters there.
int32_t CodeCache::pairing(const Op* op, const Op* entry) {
    if (op->run == op_goto || op->run == op_decode_behind) return cycles_of(op->cost);
    if (entry == nullptr || entry == op) return 0;
    const Op* dense = dense_of(entry);
    const int32_t of_stub = entry == dense ? 0 : cycles_of(entry->cost);
    if (dense == op || dense->run == op_mark) return dense == op ? -of_stub : 0;
    return cycles_of(op->cost) - (cycles_of(dense->cost) + of_stub);
}

Op* CodeCache::entry_paired(uint32_t address, int32_t adjustment) {
    Insn insn;
    if (is_watched(address) || !decode_at(address, false, insn) || !accesses_memory(insn)) return nullptr;
    Op*& found = paired_[static_cast<uint64_t>(static_cast<uint32_t>(adjustment)) << 32 | address];
    if (found == nullptr) found = decode_run(address, 0, false, adjustment);
    return found;
}

void CodeCache::flush() {
    chunks_.clear();
    free_ = chunk_end_ = nullptr;
    used_ops_ = 0;
    inside_it_.clear();
    paired_.clear();
    for (auto& [base, map] : maps_) std::fill(map.entries.begin(), map.entries.end(), nullptr);
}

void CodeCache::invalidate(const Memory& memory, uint32_t offset, uint32_t count) {
    // An op can depend on bytes up to an IT block (18) behind its own start, so look back that far.
    constexpr uint32_t reach = 20;
    auto forget = [](Op* op) {
        if (op->run == op_enter) op->target->run = op_decode;
        op->run = op_decode;
    };
    for (auto& [base, map] : maps_) {
        if (map.memory != &memory) continue;
        const uint32_t begin = offset > reach ? offset - reach : 0;
        const uint32_t end = std::min(offset + count, map.size);
        for (uint32_t at = begin / 2; at < (end + 1) / 2; ++at) {
            if (map.entries[at] == nullptr) continue;
            forget(map.entries[at]);
            map.entries[at] = nullptr;
        }
        const auto is_hit = [&](const auto& item) {
            const uint32_t address = static_cast<uint32_t>(item.first);
            return address - base >= begin && address - base < end;
        };
        std::erase_if(inside_it_, is_hit);
        std::erase_if(paired_, is_hit);
    }
}

void CodeCache::watch(uint32_t address) {
    if (watched_[address]++ != 0) return;
    const Region* region = bus_.find(address);
    if (region != nullptr && region->memory != nullptr) invalidate(*region->memory, address - region->start, 1);
}

}  // namespace tinysim
