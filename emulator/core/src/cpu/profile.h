// Where the cycles went: by instruction, and by node of the call tree, each split by cause. The exact mode feeds it;
// it costs the guest nothing. Every charged cycle is in both views once, so both sum to `charged_cycles()`.
// Return addresses and stack pointers recognise returns, longjmp and the context switches of an RTOS (by the address of the
// exception frame). Not seen: threads that are switched without an exception share one tree, calls may be cut short.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "bus/slave.h"

namespace tinysim {

enum class Cause : uint8_t { base, load_store, fetch, flash, contention, exception, sleep, count };

using CauseCycles = int32_t[static_cast<size_t>(Cause::count)];

class Profile {
public:
    enum class Kind : uint8_t { root, call, exception, sleep };

    static constexpr size_t causes = static_cast<size_t>(Cause::count);
    static constexpr uint32_t no_node = ~0u;
    static constexpr size_t deepest_node = 250;             // calls beyond it are charged to the node there
    static constexpr size_t most_frames = 4096;             // of one stack; older ones are forgotten
    static constexpr size_t most_suspended = 1024, most_nodes = 1u << 20;
    static constexpr size_t default_time_line_events = 1'000'000;

    using Cycles = std::array<int64_t, causes>;
    struct Node {
        uint32_t parent = no_node, function = 0, end = 0;   // code: from its entry on; `end` 0: not known
        Kind kind = Kind::root;
        uint16_t exception = 0, depth = 0;
        int64_t calls = 0;
        Cycles cycles{};
    };
    struct Row {                                            // of one instruction; one host cache line
        int64_t count = 0;
        Cycles cycles{};
    };
    struct Event {
        int64_t cycle;
        uint32_t node;
        bool is_enter;
    };
    struct Function {
        uint32_t begin, end;
    };

    // `start`: the CPU cycle of now. Profiling may begin at any time; cycles before it are not part of the profile.
    explicit Profile(int64_t start = 0, size_t time_line_events = default_time_line_events);

    // Optional, sorted by begin, before the first instruction: then a jump into another function is a tail call.
    void set_functions(std::vector<Function> functions);

    // ---- what the CPU feeds, in the order of time ----

    // One executed instruction: its cycles by cause; `holder` is the master that held the bus if contention != 0.
    // Comes before the call, jump or exception that the same instruction makes.
    void instruction(uint32_t address, const CauseCycles& cycles, MasterId holder) {
        if (current_ == no_node) begin_at(address);
        last_address_ = address;
        Row& row = row_of(address);
        Node& node = nodes_[current_];
        ++row.count;
        for (size_t i = 0; i < causes; ++i) {
            row.cycles[i] += cycles[i];
            node.cycles[i] += cycles[i];
            now_ += cycles[i];
        }
        if (cycles[static_cast<size_t>(Cause::contention)] != 0)
            note_holder(holder, cycles[static_cast<size_t>(Cause::contention)]);
    }
    // More cycles of the instruction before: flash programming that holds the CPU, what was known only afterwards.
    void charge(Cause cause, int64_t cycles, MasterId holder = 0);
    // All that is not charged yet before `cycle` has this cause: with it nothing gets lost between instructions.
    void reach(int64_t cycle, Cause cause) { if (cycle != now_) charge(cause, cycle - now_); }

    // Stack pointers are those after the instruction.
    void call(uint32_t target, uint32_t return_address, uint32_t stack_pointer);    // BL and BLX, taken
    void jump(uint32_t target, uint32_t stack_pointer);     // any other taken branch, POP {pc}, LDR pc, TBB
    // `frame`: address of the stacked frame. All not charged before `cycle`, when the handler's first instruction begins or
    // its return is over, is the handler's overhead. Late arrival: only what is entered.
    // Tail-chaining: leave_exception with the first handler's frame, then enter_exception with the same frame.
    void enter_exception(unsigned number, uint32_t handler, int64_t cycle, uint32_t frame);
    void leave_exception(int64_t cycle, uint32_t frame, uint32_t return_address);
    void sleep(uint32_t address, int64_t cycle);            // until `cycle`; charged to the WFI or WFE
    void restart_core();                                    // reset: no open call will return

    // ---- what is read back ----

    int64_t start_cycle() const { return start_; }
    int64_t cycle() const { return now_; }                  // all before it is charged
    uint32_t last_address() const { return last_address_; }
    int64_t charged_cycles() const { return now_ - start_; }
    const std::vector<Node>& nodes() const { return nodes_; }
    const std::vector<Event>& time_line() const { return time_line_; }
    int64_t time_line_end() const { return time_line_end_ < 0 ? now_ : time_line_end_; }    // later ones were dropped
    int64_t dropped_events() const { return dropped_events_; }
    struct Instruction {
        uint32_t address;
        const Row* row;
    };
    std::vector<Instruction> instructions() const;          // executed or charged, by address
    struct Held {
        uint32_t where;                                     // instruction address or node
        MasterId holder;
        int64_t cycles;
    };
    std::vector<Held> held_by_instruction() const { return held(instruction_holders_); }
    std::vector<Held> held_by_node() const { return held(node_holders_); }

private:
    static constexpr unsigned page_bits = 12;
    using Page = std::array<Row, 1u << (page_bits - 1)>;
    struct Frame {
        uint32_t return_address, stack_pointer, caller;     // caller: node
    };
    // A thread, or a handler in progress: its open calls and the node that it is in.
    struct Stack {
        std::vector<Frame> frames;
        uint32_t node = no_node;
        uint32_t frame = 0;                                 // where its state was stacked, while it is interrupted
        size_t shown_below = 0;                             // nodes open on the time line below it
    };
    using Holders = std::unordered_map<uint64_t, int64_t>;

    Row& row_of(uint32_t address) {
        const uint32_t number = address >> page_bits;
        if (number != page_number_) find_page(number);
        return (*page_)[address >> 1 & (page_->size() - 1)];
    }
    void find_page(uint32_t number);
    void begin_at(uint32_t address);
    Function function_at(uint32_t address) const;
    uint32_t child(uint32_t parent, Kind kind, uint32_t function, unsigned exception);
    void enter(uint32_t parent, Kind kind, uint32_t address, unsigned exception);
    void note_holder(MasterId holder, int64_t cycles);
    void pop_frames(size_t remaining);
    void drop_dead_frames(uint32_t stack_pointer);
    void forget_old_frames();
    void resume(uint32_t frame);
    void show_enter(uint32_t node);
    void show_exits(size_t remaining);
    void show_thread();
    static std::vector<Held> held(const Holders& holders);

    int64_t start_, now_;
    uint32_t current_ = no_node;                            // node that instructions are charged to
    uint32_t last_address_ = 0;
    Stack stack_;
    std::vector<Stack> suspended_, spare_;                  // interrupted, the innermost last; threads wait among them
    std::vector<Function> functions_;

    uint32_t page_number_ = ~0u;
    Page* page_ = nullptr;
    std::unordered_map<uint32_t, std::unique_ptr<Page>> pages_;
    std::vector<Node> nodes_;
    std::unordered_map<uint64_t, uint32_t> children_;
    Holders instruction_holders_, node_holders_;            // key: where << 8 | holder

    size_t most_events_;
    std::vector<Event> time_line_;
    std::vector<uint32_t> shown_;                           // nodes open on the time line
    int64_t time_line_end_ = -1, dropped_events_ = 0;
};

}  // namespace tinysim
