// Writes what the CPU executes as a ReTrace of version 5 into a file descriptor: instruction() once for each
// instruction in the order of execution (one whose condition failed, too), access() for each of its data accesses,
// note() for what a cycle count needs besides.
// Not written, as in Renode: stacking, unstacking, the vector read, time asleep. See trace/format.h.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>

#include "trace/format.h"

namespace tinysim {

class TraceWriter {
public:
    using Kind = trace::AccessKind;

    // The descriptor stays the caller's. It may be a pipe.
    explicit TraceWriter(int descriptor);
    ~TraceWriter();
    TraceWriter(const TraceWriter&) = delete;
    TraceWriter& operator=(const TraceWriter&) = delete;

    // `opcode`: a 32-bit one has its first halfword on top; `size` in bytes.
    void instruction(uint32_t pc, uint32_t opcode, unsigned size) {
        if (used_ > room - largest_entry_bytes) [[unlikely]] flush();
        if (is_open_) buffer_[used_++] = trace::end_of_instruction;
        is_open_ = true;
        pc_ = pc;
        put(pc);
        buffer_[used_++] = static_cast<uint8_t>(size);
        if (size == 4) put(opcode);
        else put(static_cast<uint16_t>(opcode));
        if (instructions_++ == 0) note(trace::Note::complete);
    }
    // Of the instruction before. `bytes` is not kept by the format: readers take it from the opcode.
    void access(Kind kind, uint32_t address, uint32_t value, [[maybe_unused]] unsigned bytes) {
        extra(kind, address, value, address);
    }
    // What a reader cannot know of the instruction before: trace::Note says what there is.
    void note(trace::Note what, uint32_t value = 0) { extra(Kind::fetch, pc_, value, trace::note_address(what)); }
    // Ends the last instruction and writes what is buffered. More may follow.
    void finish();

    int64_t instructions() const { return instructions_; }
    int error() const { return error_; }            // errno of the first write that failed; nothing is written behind it

private:
    static constexpr size_t room = size_t{1} << 20;
    static constexpr size_t largest_entry_bytes = 64;

    template <class T>
    void put(T value) {                             // hosts of this program are little-endian
        std::memcpy(&buffer_[used_], &value, sizeof value);
        used_ += sizeof value;
    }
    void extra(Kind kind, uint32_t address, uint32_t value, uint64_t physical_address) {
        if (!is_open_) return;
        if (used_ > room - largest_entry_bytes) [[unlikely]] flush();
        buffer_[used_++] = trace::memory_access;
        buffer_[used_++] = static_cast<uint8_t>(kind);
        put(uint64_t{address});
        put(uint64_t{value});
        put(physical_address);
    }
    void flush();

    int descriptor_;
    int error_ = 0;
    bool is_open_ = false;
    uint32_t pc_ = 0;
    size_t used_ = 0;
    int64_t instructions_ = 0;
    std::unique_ptr<uint8_t[]> buffer_;
};

}  // namespace tinysim
