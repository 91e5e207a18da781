#include "trace/flow.h"

#include <cstdio>

namespace tinysim::trace {
namespace {

std::string hexadecimal(uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08X", value);
    return text;
}

}  // namespace

bool Flow::take(const Entry& entry, const Header& header) {
    if (has_pending_) settle(entry.pc, header);
    has_pending_ = false;
    if (!locate(entry, header)) return false;
    begin(entry, header);
    return true;
}

void Flow::finish(const Header& header) {
    if (has_pending_) settle(pending_insn_.address + pending_insn_.size, header);
    has_pending_ = false;
}

bool Flow::fail(const Entry& entry, std::string text) {
    damage_ = {std::move(text), entry.offset};
    return false;
}

// The opcode of an entry: from the trace, checked against the firmware, or from the firmware.
bool Flow::locate(const Entry& entry, const Header& header) {
    if (!image_.contains(entry.pc))
        return fail(entry, "the pc " + hexadecimal(entry.pc) + " lies outside the firmware");
    const bool is_known = image_.opcode(entry.pc, code_, size_);
    if (!header.has_opcodes) return is_known || fail(entry, "the firmware ends inside the instruction at " + hexadecimal(entry.pc));
    if (is_known && image_.is_fixed(entry.pc) && (code_ != entry.opcode || size_ != entry.size))
        return fail(entry, "the opcode at " + hexadecimal(entry.pc) + " is " + hexadecimal(entry.opcode) + ", the firmware has " +
                               hexadecimal(code_) + ": it is of another build");
    code_ = entry.opcode;
    size_ = entry.size;
    return true;
}

void Flow::begin(const Entry& entry, const Header& header) {
    pending_insn_ = image_.decode(entry.pc, code_, size_, it_ != 0);
    pending_ = entry;
    sees_accesses_ = sees_accesses_ || !entry.accesses.empty();
    if (!header.has_values()) {
        groups_.arrive(entry.accesses);
        groups_.claim(pending_insn_, pending_.accesses);
    }
    has_pending_ = true;
}

bool Flow::decide_skipped(Step& step, bool in_it, uint32_t next_pc, const Header& header) {
    if (!in_it || header.has_notes) return pending_.skipped;
    const bool is_else = (it_ >> 4 & 1) != 0;               // by the low bit of its condition: T and E differ in it
    const auto decided = [&](bool skipped) {
        it_known_ = skipped != is_else ? 2 : 1;
        return skipped;
    };
    if ((it_ >> 4) == 14) return false;
    if (sees_accesses_ && data_access(step.insn).count != 0) return decided(pending_.accesses.empty());
    if (leaves(step.insn) != Leaves::never) return decided(next_pc == step.insn.address + step.insn.size);
    if (it_known_ == 0) {
        step.assumed_executed = true;
        return decided(false);
    }
    return (it_known_ == 2) != is_else;
}

void Flow::settle(uint32_t next_pc, const Header& header) {
    Step step;
    step.insn = pending_insn_;
    step.next_pc = next_pc;
    step.entry = &pending_;
    const bool in_it = it_ != 0;
    step.skipped = decide_skipped(step, in_it, next_pc, header);
    advance_it(step.insn);
    find_between(step, header);
    sink_.take(step, header);
}

void Flow::find_between(Step& step, const Header& header) {
    if (!step.skipped) {
        const bool returns = exceptions.returns(step.insn, pending_.accesses, header.has_values(), step.next_pc);
        step.between.saves_floats = exceptions.observe(step.insn, pending_.accesses, header.has_values());
        if (returns) return find_return(step, header);
    }
    ExceptionFlow::Place goes_on{step.insn.address + step.insn.size, 1};
    const bool explained = find_branch(step, goes_on, header);
    const bool noted = header.has_notes && pending_.exception != 0;
    if (!explained || noted) find_entry(step, goes_on, header);
}

// An instruction that only our notes or the memory's values tell from others: `next_pc` is its successor, or a handler.
void Flow::find_return(Step& step, const Header& header) {
    Between& between = step.between;
    step.taken = between.returns = true;
    const unsigned handler = exceptions.handler_at(step.next_pc);
    const bool chains = header.has_notes ? pending_.exception != 0 : handler > 1 && !exceptions.was_interrupted_at(step.next_pc);
    if (chains) {
        between.tail_chains = true;
        between.enters = header.has_notes ? static_cast<unsigned>(pending_.exception) : handler;
        exceptions.tail_chain(between.enters);
        it_ = 0;
        return;
    }
    const ExceptionFlow::Resumed resumed = exceptions.leave(step.next_pc);
    between.restores_floats = resumed.restores_floats;
    it_ = resumed.itstate;
}

// False: the instruction cannot have led to `next_pc`. `goes_on`: where it leads by itself.
bool Flow::find_branch(Step& step, ExceptionFlow::Place& goes_on, const Header& header) const {
    const Insn& insn = step.insn;
    const uint32_t next = step.next_pc;
    const Leaves how = step.skipped ? Leaves::never : leaves(insn);
    const uint32_t target = insn.imm & ~1u;
    const bool leads_on = how == Leaves::conditional && target == goes_on.first;    // a branch to what follows
    if (header.has_notes && pending_.exception != 0 && pending_.interrupted_at != 0) {
        step.taken = how != Leaves::never && (how != Leaves::conditional || (pending_.interrupted_at == target && !leads_on));
        goes_on = {pending_.interrupted_at, 1};
        return false;
    }
    if (how == Leaves::never) return next == goes_on.first;
    if (how == Leaves::conditional) {
        step.taken = next == target && !leads_on;
        goes_on.second = target;
        return goes_on.is(next);
    }
    step.taken = true;
    goes_on = {how == Leaves::direct ? target : 1u, 1};
    if (how == Leaves::direct) return next == target;
    if (loads_register(insn, 15) && header.has_values() && !pending_.accesses.empty()) {
        goes_on.first = static_cast<uint32_t>(pending_.accesses.back().value) & ~1u;
        return next == goes_on.first;
    }
    return !is_return(insn) || exceptions.handler_at(next) <= 1;
}

void Flow::find_entry(Step& step, ExceptionFlow::Place goes_on, const Header& header) {
    Between& between = step.between;
    const bool noted = header.has_notes && pending_.exception != 0;
    const unsigned number = noted ? static_cast<unsigned>(pending_.exception) : exceptions.handler_at(step.next_pc);
    if (number > 1) {
        between.enters = number;
        between.stacks_floats = exceptions.uses_floats();
        exceptions.enter(number, goes_on, it_);
    } else {
        between.jumps = true;
        if (number == 1) exceptions.reset();
    }
    it_ = 0;
}

void Flow::advance_it(const Insn& insn) {
    if (insn.kind == Kind::it) it_known_ = 0;
    if (insn.kind == Kind::it) it_ = static_cast<uint8_t>(insn.imm);
    else it_ = (it_ & 7) == 0 ? 0 : static_cast<uint8_t>((it_ & 0xE0) | ((it_ << 1) & 0x1F));
}

}  // namespace tinysim::trace
