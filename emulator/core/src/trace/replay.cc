#include "trace/replay.h"

#include <algorithm>
#include <utility>

namespace tinysim {
namespace {

constexpr uint32_t private_begin = 0xE000'0000, private_end = 0xE010'0000, ram_begin = 0x2000'0000;

// More bus transfers than one (docs/timing.md A1.5).
int32_t extra_transfers(uint32_t address, unsigned bytes) {
    if (bytes == 4) return (address & 3) == 0 ? 0 : (address & 1) == 0 ? 1 : 2;
    return bytes == 2 && (address & 1) != 0 ? 1 : 0;
}

bool is_sleep(const Insn& insn) { return insn.kind == Kind::wfi || insn.kind == Kind::wfe; }
bool is_division(const Insn& insn) { return insn.kind == Kind::udiv || insn.kind == Kind::sdiv; }

}  // namespace

Replay::Replay(Bus& bus, const CoreTiming& timing, int64_t ticks_per_cycle)
    : bus_(bus), timing_(timing), ticks_per_cycle_(ticks_per_cycle) {}

void Replay::set_functions(std::vector<Function> functions) {
    functions_ = std::move(functions);
    functions_.emplace_back();              // code of no function
    last_function_ = functions_.size() - 1;
}

bool Replay::finish() {
    reader_.finish();
    flow_.finish(reader_.header());
    return damage().text.empty();
}

Replay::Function& Replay::function_at(uint32_t pc) {
    const Function& last = functions_[last_function_];
    if (pc - last.begin < last.end - last.begin) return functions_[last_function_];
    const auto none = functions_.end() - 1;
    const auto behind = std::upper_bound(functions_.begin(), none, pc, [](uint32_t value, const Function& each) { return value < each.begin; });
    const bool is_inside = behind != functions_.begin() && pc < (behind - 1)->end;
    const auto found = is_inside ? behind - 1 : none;
    last_function_ = static_cast<size_t>(found - functions_.begin());
    return *found;
}

void Replay::charge(Function& function, Cause cause, int64_t cycles) {
    function.cycles[static_cast<size_t>(cause)] += cycles;
    total_[static_cast<size_t>(cause)] += cycles;
}

void Replay::take(const trace::Step& step, const trace::Header& header) {
    const Insn& insn = step.insn;
    if (first_pc_ < 0) first_pc_ = insn.address;
    const TimedInsn timed(timing_, insn, model_.is_sequential(insn.address) ? &previous_ : nullptr);
    if (!model_.is_sequential(insn.address)) arrive(step);
    model_.begin(timed, now());
    const int32_t extra = own_extra(step, header);
    const DataCost data = access_data(step);
    model_.finish(timed, extra + data.cycles, data, step.taken, step.skipped);
    const Cost cost = model_.split(timed, extra + data.cycles, data, step.skipped);
    pass(cost.total());

    Function& function = function_at(insn.address);
    charge(function, Cause::base, cost.base);
    charge(function, Cause::load_store, cost.load_store);
    charge(function, Cause::fetch, cost.fetch);
    charge(function, Cause::flash, cost.flash);
    charge(function, Cause::contention, cost.contention);
    ++function.instructions;
    count(step);

    const int64_t sequence = sequences(step, header);
    if (sequence != 0) charge(step.between.enters != 0 ? function_at(step.next_pc) : function_at(insn.address), Cause::exception, sequence);
    charge(function_at(insn.address), Cause::sleep, step.entry->sleep_cycles);
    pass(sequence + step.entry->sleep_cycles);
    if (wrote_register_) settle_registers();
    const bool is_sequence = step.between.enters != 0 || step.between.returns;
    if (is_sequence || step.between.jumps) model_.leave();
    // The sequence ends when its first instruction has been fetched: that is not waited for again.
    if (is_sequence) fetched_ahead_ = std::min<Cycle>(sequence, timing_.exception_vector_fetch);
    previous_ = insn;
}

// Something else than the instruction before leads here: as Cpu::use_code does.
void Replay::arrive(const trace::Step& step) {
    const uint32_t pc = step.insn.address;
    const Region* region = bus_.find(pc);
    CodePort port;
    port.ticks_per_cycle = ticks_per_cycle_;
    if (region != nullptr && region->memory != nullptr) {
        port.region = region;
        port.start = region->start;
        port.last = region->last;
        port.flash = region->memory->timing;
        if (port.flash == nullptr && !bus_.matrix.is_empty()) {
            port.matrix = &bus_.matrix;
            port.is_system_bus = pc >= ram_begin;
            port.wait = port.is_system_bus ? timing_.system_bus_fetch - 1 : 0;
        }
    }
    model_.port = port;
    model_.branch(pc, now() - std::exchange(fetched_ahead_, 0));
    Function& function = function_at(pc);
    if (function.begin == pc) ++function.calls;
}

void Replay::count(const trace::Step& step) {
    const trace::Between& between = step.between;
    ++counts_.instructions;
    counts_.skipped += step.skipped;
    counts_.accesses += static_cast<int64_t>(step.entry->accesses.size());
    counts_.exceptions += between.enters != 0;
    counts_.tail_chains += between.tail_chains;
    counts_.returns += between.returns && !between.tail_chains;
    counts_.sleeps += is_sleep(step.insn) && !step.skipped;
    counts_.jumps += between.jumps;
    counts_.assumed_conditions += step.assumed_executed;
}

// Each transfer at its own cycle, the pieces of an unaligned one as Cpu::charge_memory makes them; a store that the
// write buffer takes costs nothing here.
DataCost Replay::access_data(const trace::Step& step) {
    DataCost data;
    if (step.skipped) return data;
    const trace::DataAccess wanted = trace::data_access(step.insn);
    int32_t beat = 0;
    for (const trace::Access& access : step.entry->accesses) {
        const uint32_t address = access.address;
        if (address >= private_begin && address < private_end) continue;
        const Region* region = bus_.find(address);
        if (region == nullptr) {
            ++counts_.unmapped;
            continue;
        }
        const bool is_write = trace::is_write(access.kind);
        const auto transfer = [&](uint32_t place) {
            const AccessCost cost = bus_.matrix.access(*region, place, is_write, tick_ + (data.cycles + beat++) * ticks_per_cycle_);
            data.add(cost);
            if (cost.delays_fetch != 0) model_.postpone(cost.delays_fetch);
        };
        transfer(address);
        for (int32_t more = region->memory != nullptr ? extra_transfers(address, wanted.bytes) : 0; more > 0; --more) {
            transfer(address & ~3u);
            ++data.cycles;
        }
        if (is_write && region->device != nullptr && is_followed(address)) follow(*region, access, wanted.bytes);
    }
    return data;
}

bool Replay::is_followed(uint32_t address) const {
    return std::any_of(followed_.begin(), followed_.end(), [&](const auto& range) { return address - range.first < range.second; });
}

void Replay::follow(const Region& region, const trace::Access& access, unsigned bytes) {
    if (!reader_.header().has_values()) return;
    if (run_devices) run_devices(tick_);
    region.device->write(access.address - region.start, static_cast<uint32_t>(access.value), bytes);
    region.device->take_gap();
    region.device->take_refusal();
    ++counts_.register_writes;
    wrote_register_ = true;
}

// What was written may act only after a while (a PLL locks): devices hear of the time for as long as they are waited for.
void Replay::settle_registers() {
    if (!run_devices) return;
    const Tick ticks = run_devices(tick_);
    if (ticks == ticks_per_cycle_ || ticks <= 0) return;
    ticks_per_cycle_ = ticks;
    floats_until_ = 0;
    model_.leave();
    ++counts_.clock_changes;
}

// What its handler would charge besides its data.
int32_t Replay::own_extra(const trace::Step& step, const trace::Header& header) {
    const Insn& insn = step.insn;
    if (step.skipped) return 0;
    int32_t extra = step.entry->extra_cycles;
    if (!header.has_notes && is_division(insn)) {
        ++counts_.assumed_divisions;
        extra = (timing_.divide_minimum + timing_.divide_maximum) / 2 - 1;
    }
    if (trace::uses_floats(insn)) {
        if (!header.has_notes) extra = wait_for_floats(step.between.saves_floats);
        if (extra > 0) model_.delay(extra);
        if (insn.kind == Kind::vdiv) floats_until_ = now() + extra + timing_.vfp_divide;
        if (insn.kind == Kind::vsqrt) floats_until_ = now() + extra + timing_.vfp_square_root;
    }
    return extra;
}

// The first FP instruction of a handler saves the floats of the code below; integer instructions overtake a division or
// square root, the next FP instruction waits for it (A1.3).
int32_t Replay::wait_for_floats(bool saves_floats) const {
    const int32_t save = saves_floats ? timing_.fp_stacking : 0;
    const Cycle start = now() + save;
    return save + (timing_.fp_overlap == 0 ? 0 : static_cast<int32_t>(std::max<Cycle>(0, floats_until_ - start)));
}

// The refill that a returning branch has paid and that does not happen: fetching is part of the sequence.
int32_t Replay::refill_of(const Insn& insn) const {
    return insn.kind == Kind::bx ? timing_.branch_register_refill : timing_.load_pc_refill;
}

int64_t Replay::sequences(const trace::Step& step, const trace::Header& header) const {
    if (header.has_notes) return step.entry->sequence_cycles;
    const trace::Between& between = step.between;
    int64_t cycles = 0;
    if (between.returns) cycles += (between.tail_chains ? timing_.tail_chain : timing_.exception_exit) - refill_of(step.insn);
    if (between.restores_floats) cycles += timing_.fp_stacking;
    if (between.enters != 0 && !between.tail_chains) cycles += timing_.exception_entry;
    if (is_sleep(step.insn) && !step.skipped) cycles += timing_.wake_up;
    return cycles;
}

}  // namespace tinysim
