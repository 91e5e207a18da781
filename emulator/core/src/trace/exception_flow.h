// Exceptions in a trace that does not mark them: an entry is a jump into a vector's handler that the instruction before
// could not make; a return is the branch that takes an EXC_RETURN. LR is followed through calls, pushes and pops for that.
// Where a trace has no values (version 2) a context switch of an RTOS may be missed: it is then a branch.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "trace/facts.h"
#include "trace/reader.h"

namespace tinysim::trace {

class ExceptionFlow {
public:
    // The vector table as it is known: handler address (without the Thumb bit) by exception number.
    void set_vectors(std::vector<uint32_t> handlers);

    // The exception whose handler begins here; 0: none. Of several on one handler the lowest number.
    unsigned handler_at(uint32_t address) const {
        auto found = handlers_.find(address);
        return found == handlers_.end() ? 0 : found->second;
    }
    bool is_in_handler() const { return !frames_.empty(); }
    bool was_interrupted_at(uint32_t address) const { return is_in_handler() && frames_.back().interrupted_at.is(address); }
    bool uses_floats() const { return fpca_; }

    // An executed instruction's part in it: calls, what becomes of LR, whether floats are in use.
    // True: the first FP instruction of a handler saves the floats of the code below (lazy stacking).
    bool observe(const Insn& insn, const std::vector<Access>& accesses, bool has_values);
    // Would this branch to `next` leave a handler?
    bool returns(const Insn& insn, const std::vector<Access>& accesses, bool has_values, uint32_t next) const;

    // Where it will return to: two places are possible behind a conditional branch, none is known behind others (odd).
    struct Place {
        uint32_t first = 1, second = 1;
        bool is(uint32_t address) const { return address == first || address == second; }
    };
    void enter(unsigned number, Place interrupted_at, uint8_t itstate);
    void tail_chain(unsigned number);
    struct Resumed {
        uint8_t itstate = 0;
        bool restores_floats = false;       // the extended frame was really saved
    };
    Resumed leave(uint32_t resumed_at);
    void reset();

private:
    enum class Link : uint8_t { ordinary, exception_return, unknown };
    struct Frame {
        unsigned number;
        Place interrupted_at;
        uint8_t itstate;
        bool extended;                      // FP context below
        int64_t open_calls;                 // of the interrupted code
        Link link;
    };
    static constexpr size_t most_frames = 512, most_slots = 1024;

    Link loaded_link(const Access& access, bool has_values) const;
    void remember_slot(uint32_t address, Link link);

    std::unordered_map<uint32_t, unsigned> handlers_;
    std::vector<Frame> frames_;
    std::unordered_map<uint32_t, bool> slots_;      // stack places that hold an EXC_RETURN
    Link link_ = Link::ordinary;
    int64_t open_calls_ = 0;
    bool fpca_ = false, lazy_pending_ = false;
};

}  // namespace tinysim::trace
