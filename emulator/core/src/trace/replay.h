// A recorded trace through the timing model (timing/core_model.h, bus/matrix.h), with the cycles it would have taken and
// what they went into, by function. A trace has no time: sleep is not counted, DMA and other masters are not there, and an
// interrupt comes where the recording has it. Divisions of Renode's traces have an assumed cost: operands are not recorded.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bus/bus.h"
#include "cpu/profile.h"
#include "timing/core_model.h"
#include "trace/flow.h"

namespace tinysim {

struct ReplayCounts {
    int64_t instructions = 0, skipped = 0, accesses = 0;
    int64_t exceptions = 0, tail_chains = 0, returns = 0;
    int64_t sleeps = 0;                     // WFI and WFE: how long is not in a trace of Renode
    int64_t jumps = 0;                      // that neither a branch nor a vector explains
    int64_t assumed_divisions = 0;          // their cost is a mean
    int64_t assumed_conditions = 0;         // inside IT blocks
    int64_t unmapped = 0;                   // accesses where the platform has nothing
    int64_t register_writes = 0;            // to clock and flash registers, followed
    int64_t clock_changes = 0;              // that came of them
};

class Replay final : public trace::StepSink {
public:
    using Cycles = std::array<int64_t, static_cast<size_t>(Cause::count)>;
    struct Function {
        uint32_t begin, end;
        int64_t instructions = 0, calls = 0;
        Cycles cycles{};
    };

    Replay(Bus& bus, const CoreTiming& timing, int64_t ticks_per_cycle);

    // ---- before the first push ----
    void add_code(uint32_t start, const uint8_t* bytes, size_t count, bool is_fixed) { image_.add(start, bytes, count, is_fixed); }
    void set_vectors(std::vector<uint32_t> handlers) { flow_.exceptions.set_vectors(std::move(handlers)); }
    void set_functions(std::vector<Function> functions);    // sorted, apart from each other
    // Traced writes to these registers reach the device: the flash's, the clock tree's.
    void follow_registers(uint32_t address, uint32_t bytes) { followed_.emplace_back(address, bytes); }
    // Lets the devices' own events happen up to a time, and answers the CPU's period then. Called after followed writes.
    std::function<Tick(Tick until)> run_devices;

    // ---- the trace ----
    bool push(const uint8_t* bytes, size_t count) { return reader_.push(bytes, count); }
    bool finish();                          // false: incomplete, see damage()
    const trace::Damage& damage() const { return flow_.damage().text.empty() ? reader_.damage() : flow_.damage(); }

    // ---- what came out ----
    const trace::Header& header() const { return reader_.header(); }
    const ReplayCounts& counts() const { return counts_; }
    int64_t unclaimed_accesses() const { return flow_.unclaimed_accesses(); }
    int64_t first_pc() const { return first_pc_; }
    const Cycles& total() const { return total_; }
    const std::vector<Function>& functions() const { return functions_; }   // the last one: code of no function

    void take(const trace::Step& step, const trace::Header& header) override;

private:
    void arrive(const trace::Step& step);
    void count(const trace::Step& step);
    DataCost access_data(const trace::Step& step);
    void follow(const Region& region, const trace::Access& access, unsigned bytes);
    int32_t own_extra(const trace::Step& step, const trace::Header& header);
    int32_t wait_for_floats(bool saves_floats) const;
    bool is_followed(uint32_t address) const;
    void settle_registers();
    Cycle now() const { return tick_ / ticks_per_cycle_; }
    void pass(int64_t cycles) { tick_ += cycles * ticks_per_cycle_; }
    int64_t sequences(const trace::Step& step, const trace::Header& header) const;
    int32_t refill_of(const Insn& insn) const;
    Function& function_at(uint32_t pc);
    void charge(Function& function, Cause cause, int64_t cycles);

    Bus& bus_;
    const CoreTiming& timing_;
    int64_t ticks_per_cycle_;
    trace::CodeImage image_;
    trace::Flow flow_{image_, *this};
    trace::Reader reader_{flow_};
    CoreModel model_{timing_};
    std::vector<Function> functions_ = std::vector<Function>(1);
    size_t last_function_ = 0;
    std::vector<std::pair<uint32_t, uint32_t>> followed_;
    bool wrote_register_ = false;           // something may come of it
    Insn previous_;
    Cycle fetched_ahead_ = 0;               // of an exception sequence: when its code fetch began, before its end
    Cycle floats_until_ = 0;                // a division or square root is under way
    Tick tick_ = 0;
    int64_t first_pc_ = -1;
    ReplayCounts counts_;
    Cycles total_{};
};

}  // namespace tinysim
