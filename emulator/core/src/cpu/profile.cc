#include "cpu/profile.h"

#include <algorithm>
#include <utility>

namespace tinysim {
namespace {

uint64_t holder_key(uint32_t where, MasterId holder) { return uint64_t{where} << 8 | holder; }

}  // namespace

Profile::Profile(int64_t start, size_t time_line_events) : start_(start), now_(start), most_events_(time_line_events) {
    nodes_.push_back({});
}

void Profile::set_functions(std::vector<Function> functions) { functions_ = std::move(functions); }

// ---- instructions ----

void Profile::find_page(uint32_t number) {
    std::unique_ptr<Page>& page = pages_[number];
    if (!page) page = std::make_unique<Page>();
    page_ = page.get();
    page_number_ = number;
}

void Profile::charge(Cause cause, int64_t cycles, MasterId holder) {
    const auto index = static_cast<size_t>(cause);
    row_of(last_address_).cycles[index] += cycles;
    nodes_[current_ == no_node ? 0 : current_].cycles[index] += cycles;
    now_ += cycles;
    if (cause == Cause::contention && cycles != 0) note_holder(holder, cycles);
}

void Profile::note_holder(MasterId holder, int64_t cycles) {
    instruction_holders_[holder_key(last_address_, holder)] += cycles;
    node_holders_[holder_key(current_ == no_node ? 0 : current_, holder)] += cycles;
}

// ---- the call tree ----

Profile::Function Profile::function_at(uint32_t address) const {
    auto next = std::upper_bound(functions_.begin(), functions_.end(), address,
                                 [](uint32_t at, const Function& each) { return at < each.begin; });
    if (next == functions_.begin()) return {address, 0};
    const Function& found = *std::prev(next);
    return address < found.end ? found : Function{address, 0};
}

uint32_t Profile::child(uint32_t parent, Kind kind, uint32_t address, unsigned exception) {
    const uint64_t key = uint64_t{parent} << 42 | uint64_t{address >> 1} << 11 | uint64_t{exception & 0x1FF} << 2 |
                         static_cast<uint64_t>(kind);
    const auto known = children_.find(key);
    if (known != children_.end()) return known->second;
    if (nodes_[parent].depth >= deepest_node || nodes_.size() >= most_nodes) return parent;
    Node node;
    const Function function = function_at(address);
    node.parent = parent;
    node.function = function.begin;
    node.end = function.end;
    node.kind = kind;
    node.exception = static_cast<uint16_t>(exception);
    node.depth = static_cast<uint16_t>(nodes_[parent].depth + 1);
    nodes_.push_back(node);
    const auto number = static_cast<uint32_t>(nodes_.size() - 1);
    children_.emplace(key, number);
    return number;
}

void Profile::enter(uint32_t parent, Kind kind, uint32_t address, unsigned exception) {
    const uint32_t entry = kind == Kind::sleep ? address : function_at(address).begin;
    current_ = child(parent, kind, entry, exception);
    if (entry == address && current_ != parent) ++nodes_[current_].calls;
    show_enter(current_);
}

void Profile::begin_at(uint32_t address) {
    stack_.shown_below = shown_.size();
    enter(0, Kind::call, address, 0);
}

void Profile::call(uint32_t target, uint32_t return_address, uint32_t stack_pointer) {
    drop_dead_frames(stack_pointer);
    if (stack_.frames.size() >= most_frames) forget_old_frames();
    stack_.frames.push_back({return_address & ~1u, stack_pointer, current_});
    enter(current_, Kind::call, target & ~1u, 0);
}

void Profile::jump(uint32_t target, uint32_t stack_pointer) {
    target &= ~1u;
    drop_dead_frames(stack_pointer);
    if (!stack_.frames.empty()) {
        const Frame& top = stack_.frames.back();
        if (top.return_address == target && top.stack_pointer == stack_pointer) return pop_frames(stack_.frames.size() - 1);
    }
    if (functions_.empty() || current_ == no_node) return;
    const Node& node = nodes_[current_];
    if (target >= node.function && target < node.end) return;
    if (function_at(target).end == 0) return;               // a veneer, code without a symbol
    if (!shown_.empty()) show_exits(shown_.size() - 1);
    const bool of_exception = node.kind == Kind::exception; // the handler jumps on: a node below it
    enter(of_exception ? current_ : node.parent, Kind::call, target, 0);
}

void Profile::pop_frames(size_t remaining) {
    current_ = stack_.frames[remaining].caller;
    stack_.frames.resize(remaining);
    show_exits(stack_.shown_below + 1 + remaining);
}

// Left by longjmp, or by a switch of stacks without an exception.
void Profile::drop_dead_frames(uint32_t stack_pointer) {
    size_t alive = stack_.frames.size();
    while (alive > 0 && stack_.frames[alive - 1].stack_pointer < stack_pointer) --alive;
    if (alive < stack_.frames.size()) pop_frames(alive);
}

void Profile::forget_old_frames() {
    constexpr size_t forgotten = most_frames / 2;
    stack_.frames.erase(stack_.frames.begin(), stack_.frames.begin() + forgotten);
    stack_.shown_below += forgotten;
}

// ---- exceptions, sleep ----

void Profile::enter_exception(unsigned number, uint32_t handler, int64_t cycle, uint32_t frame) {
    if (suspended_.size() >= most_suspended) suspended_.erase(suspended_.begin());      // threads that were deleted
    stack_.frame = frame;
    stack_.node = current_;
    suspended_.push_back(std::move(stack_));
    stack_ = {};
    if (!spare_.empty()) {
        stack_ = std::move(spare_.back());
        spare_.pop_back();
    }
    stack_.shown_below = shown_.size();
    last_address_ = handler & ~1u;
    enter(0, Kind::exception, last_address_, number);
    reach(cycle, Cause::exception);
}

void Profile::leave_exception(int64_t cycle, uint32_t frame, uint32_t return_address) {
    reach(cycle, Cause::exception);
    last_address_ = return_address & ~1u;
    show_exits(stack_.shown_below);
    stack_.frames.clear();
    if (spare_.size() < most_suspended) spare_.push_back(std::move(stack_));
    resume(frame);
}

void Profile::resume(uint32_t frame) {
    const auto found = std::find_if(suspended_.rbegin(), suspended_.rend(), [&](const Stack& each) { return each.frame == frame; });
    const bool is_innermost = found == suspended_.rbegin() && found != suspended_.rend();
    if (!is_innermost) show_exits(0);                       // another thread than the one that was interrupted
    stack_ = {};
    current_ = no_node;                                     // a thread that begins
    if (found == suspended_.rend()) return;
    stack_ = std::move(*found);
    current_ = stack_.node;
    suspended_.erase(std::next(found).base());
    if (!is_innermost) show_thread();
}

void Profile::sleep(uint32_t address, int64_t cycle) {
    if (current_ == no_node) begin_at(address);
    last_address_ = address;
    const uint32_t sleeper = std::exchange(current_, no_node);
    const size_t shown = shown_.size();
    enter(sleeper, Kind::sleep, address, 0);
    reach(cycle, Cause::sleep);
    show_exits(shown);
    current_ = sleeper;
}

void Profile::restart_core() {
    show_exits(0);
    stack_ = {};
    suspended_.clear();
    current_ = no_node;
}

// ---- the time line ----

void Profile::show_enter(uint32_t node) {
    if (time_line_end_ < 0 && time_line_.size() + shown_.size() + 2 > most_events_) {
        show_exits(0);
        time_line_end_ = now_;
    }
    if (time_line_end_ >= 0) {
        dropped_events_ += 2;
        return;
    }
    time_line_.push_back({now_, node, true});
    shown_.push_back(node);
}

void Profile::show_exits(size_t remaining) {
    while (shown_.size() > remaining) {
        time_line_.push_back({now_, shown_.back(), false});
        shown_.pop_back();
    }
}

// The thread's open calls again, as it goes on.
void Profile::show_thread() {
    stack_.shown_below = shown_.size();
    for (const Frame& frame : stack_.frames) show_enter(frame.caller);
    if (current_ != no_node) show_enter(current_);
}

// ---- reading back ----

std::vector<Profile::Instruction> Profile::instructions() const {
    std::vector<Instruction> all;
    for (const auto& [number, page] : pages_) {
        for (uint32_t i = 0; i < page->size(); ++i) {
            const Row& row = (*page)[i];
            const bool is_charged = std::any_of(row.cycles.begin(), row.cycles.end(), [](int64_t each) { return each != 0; });
            if (row.count != 0 || is_charged) all.push_back({(number << page_bits) + 2 * i, &row});
        }
    }
    std::sort(all.begin(), all.end(), [](const Instruction& a, const Instruction& b) { return a.address < b.address; });
    return all;
}

std::vector<Profile::Held> Profile::held(const Holders& holders) {
    std::vector<Held> all;
    for (const auto& [key, cycles] : holders)
        all.push_back({static_cast<uint32_t>(key >> 8), static_cast<MasterId>(key & 0xFF), cycles});
    std::sort(all.begin(), all.end(), [](const Held& a, const Held& b) {
        return a.where != b.where ? a.where < b.where : a.holder < b.holder;
    });
    return all;
}

}  // namespace tinysim
