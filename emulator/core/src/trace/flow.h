// From entries of a trace to steps: which instruction really ran, where it led, and what came between it and the next.
// An entry is settled when the next one is there. Conditions inside IT blocks are not in Renode's traces: a load or store
// tells by its access, a branch by where it led, others by those of their block before them, else they count as executed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trace/access_groups.h"
#include "trace/code_image.h"
#include "trace/exception_flow.h"
#include "trace/reader.h"

namespace tinysim::trace {

// What came behind an instruction, in this order.
struct Between {
    bool saves_floats = false;              // before the instruction: lazy stacking
    bool returns = false;                   // it was an exception return
    bool restores_floats = false;
    bool tail_chains = false;               // return and entry in one
    unsigned enters = 0;                    // exception that was taken; 0: none
    bool stacks_floats = false;             // room for, with lazy stacking
    bool jumps = false;                     // somewhere that nothing explains: reset, a gap in the trace
};

struct Step {
    Insn insn;
    uint32_t next_pc = 0;
    bool skipped = false;
    bool taken = false;
    bool assumed_executed = false;          // inside IT, and nothing tells
    const Entry* entry = nullptr;           // its accesses, and our notes
    Between between;
};

class StepSink {
public:
    virtual ~StepSink() = default;
    virtual void take(const Step& step, const Header& header) = 0;
};

class Flow final : public EntrySink {
public:
    Flow(CodeImage& image, StepSink& sink) : image_(image), sink_(sink) {}

    ExceptionFlow exceptions;
    bool take(const Entry& entry, const Header& header) override;
    void finish(const Header& header);      // the last instruction
    const Damage& damage() const { return damage_; }
    int64_t unclaimed_accesses() const { return groups_.unclaimed(); }

private:
    bool locate(const Entry& entry, const Header& header);
    bool fail(const Entry& entry, std::string text);
    void begin(const Entry& entry, const Header& header);
    void settle(uint32_t next_pc, const Header& header);
    bool decide_skipped(Step& step, bool in_it, uint32_t next_pc, const Header& header);
    void find_between(Step& step, const Header& header);
    void find_return(Step& step, const Header& header);
    bool find_branch(Step& step, ExceptionFlow::Place& goes_on, const Header& header) const;
    void find_entry(Step& step, ExceptionFlow::Place goes_on, const Header& header);
    void advance_it(const Insn& insn);

    CodeImage& image_;
    StepSink& sink_;
    AccessGroups groups_;
    Damage damage_;
    Entry pending_;                         // the instruction that waits for its successor
    Insn pending_insn_;
    bool has_pending_ = false;
    bool sees_accesses_ = false;            // the trace has accesses: one without was skipped
    uint32_t code_ = 0;                     // of the entry in hand
    uint8_t size_ = 0;
    uint8_t it_ = 0;
    uint8_t it_known_ = 0;                  // of the IT block in progress: 0 nothing, 1 its even condition holds, 2 the odd one
};

}  // namespace tinysim::trace
