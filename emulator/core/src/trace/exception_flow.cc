#include "trace/exception_flow.h"

namespace tinysim::trace {
namespace {

constexpr unsigned link_register = 14, program_counter = 15;
constexpr uint32_t first_exception_return = 0xFFFF'FF00;

bool stores_link(const Insn& insn) {
    if (insn.kind == Kind::store_multiple) return (insn.imm >> link_register & 1) != 0;
    return insn.kind == Kind::store && insn.rd == link_register;
}

}  // namespace

void ExceptionFlow::set_vectors(std::vector<uint32_t> handlers) {
    handlers_.clear();
    for (unsigned number = static_cast<unsigned>(handlers.size()); number-- > 1;)
        if (handlers[number] != 0) handlers_[handlers[number] & ~1u] = number;
}

void ExceptionFlow::remember_slot(uint32_t address, Link link) {
    if (link != Link::exception_return) slots_.erase(address);
    else if (slots_.size() < most_slots) slots_[address] = true;
}

ExceptionFlow::Link ExceptionFlow::loaded_link(const Access& access, bool has_values) const {
    if (has_values) return access.value >= first_exception_return ? Link::exception_return : Link::ordinary;
    if (slots_.contains(access.address)) return Link::exception_return;
    return is_in_handler() ? Link::unknown : Link::ordinary;
}

bool ExceptionFlow::observe(const Insn& insn, const std::vector<Access>& accesses, bool has_values) {
    if (stores_link(insn) && !accesses.empty()) remember_slot(accesses.back().address, link_);
    if (is_call(insn)) {
        link_ = Link::ordinary;
        ++open_calls_;
    } else if (is_return(insn) && open_calls_ > 0) {
        --open_calls_;
    }
    if (loads_register(insn, link_register))
        link_ = accesses.empty() ? Link::unknown : loaded_link(accesses.back(), has_values);
    else if (computes_link(insn)) link_ = Link::unknown;
    if (!trace::uses_floats(insn)) return false;
    const bool saves = lazy_pending_;
    lazy_pending_ = false;
    fpca_ = true;
    return saves;
}

bool ExceptionFlow::returns(const Insn& insn, const std::vector<Access>& accesses, bool has_values, uint32_t next) const {
    if (!is_in_handler()) return false;
    Link link = Link::unknown;
    if (insn.kind == Kind::bx && insn.rm == link_register) link = link_;
    else if (loads_register(insn, program_counter) && !accesses.empty()) link = loaded_link(accesses.back(), has_values);
    else if (insn.kind != Kind::bx && !loads_register(insn, program_counter)) return false;
    if (link != Link::unknown) return link == Link::exception_return;
    if (was_interrupted_at(next)) return true;
    return is_return(insn) && open_calls_ == 0;
}

void ExceptionFlow::enter(unsigned number, Place interrupted_at, uint8_t itstate) {
    if (frames_.size() == most_frames) frames_.erase(frames_.begin());
    frames_.push_back({number, interrupted_at, itstate, fpca_, open_calls_, link_});
    lazy_pending_ = fpca_ || lazy_pending_;
    fpca_ = false;
    open_calls_ = 0;
    link_ = Link::exception_return;
}

void ExceptionFlow::tail_chain(unsigned number) {
    frames_.back().number = number;
    fpca_ = false;
    open_calls_ = 0;
    link_ = Link::exception_return;
}

ExceptionFlow::Resumed ExceptionFlow::leave(uint32_t resumed_at) {
    const Frame frame = frames_.back();
    frames_.pop_back();
    Resumed resumed;
    resumed.restores_floats = frame.extended && !lazy_pending_;
    if (frame.extended) lazy_pending_ = false;
    fpca_ = frame.extended;
    const bool is_same_place = frame.interrupted_at.is(resumed_at);
    resumed.itstate = is_same_place ? frame.itstate : 0;
    open_calls_ = is_same_place ? frame.open_calls : 0;
    link_ = is_same_place ? frame.link : is_in_handler() ? Link::unknown : Link::ordinary;
    return resumed;
}

void ExceptionFlow::reset() {
    frames_.clear();
    slots_.clear();
    link_ = Link::ordinary;
    open_calls_ = 0;
    fpca_ = lazy_pending_ = false;
}

}  // namespace tinysim::trace
