#include "trace/reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tinysim::trace {
namespace {

// No piece is longer, but for the header, which is parsed anew with each byte more until it is complete.
constexpr size_t largest_piece_bytes = 64;
constexpr size_t largest_header_bytes = fixed_header_bytes + 2 + 255;
// A block of Renode has at most 2047 instructions of at most 32 accesses.
constexpr size_t most_accesses = 65536;
constexpr size_t access_bytes_2 = 9, access_bytes_4 = 25;
constexpr uint8_t pc_bytes = 4;

template <class T>
T take(const uint8_t* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

std::string printable(const uint8_t* bytes, size_t count) {
    std::string text(reinterpret_cast<const char*>(bytes), count);
    for (char& each : text)
        if (each < ' ' || each > '~') each = '?';
    return text;
}

std::string number(int64_t value) { return std::to_string(value); }

Entry clean(std::vector<Access> accesses) {
    accesses.clear();                   // keeps its room
    Entry entry;
    entry.accesses = std::move(accesses);
    return entry;
}

}  // namespace

bool Reader::push(const uint8_t* bytes, size_t count) {
    while (count != 0 && !stopped_ && damage_.text.empty()) {
        if (carry_.empty()) {
            const size_t used = parse(bytes, count);
            bytes += used, count -= used;
            if (stopped_ || !damage_.text.empty()) break;
            carry_.assign(bytes, bytes + count);
            return true;
        }
        const size_t before = carry_.size();
        const size_t most = stage_ == Stage::header ? largest_header_bytes : largest_piece_bytes;
        carry_.insert(carry_.end(), bytes, bytes + std::min(count, most));
        const std::vector<uint8_t> joined = std::move(carry_);
        carry_.clear();
        const size_t used = parse(joined.data(), joined.size());
        if (used < before) {                // still not all of one piece
            carry_.assign(joined.begin() + static_cast<ptrdiff_t>(used), joined.end());
            return damage_.text.empty() && !stopped_;
        }
        bytes += used - before, count -= used - before;
    }
    return damage_.text.empty() && !stopped_;
}

bool Reader::finish() {
    if (finished_ || stopped_ || !damage_.text.empty()) return damage_.text.empty();
    finished_ = true;
    if (stage_ == Stage::header) fail(carry_.empty() ? "is empty" : "is cut short inside its header", carry_.size());
    else if (stage_ == Stage::extra || !carry_.empty()) fail("is cut short inside an instruction", carry_.size());
    return damage_.text.empty();
}

size_t Reader::fail(std::string text, size_t at) {
    damage_ = {std::move(text), consumed_ + static_cast<int64_t>(at)};
    return 0;
}

// Takes as many whole pieces as there are; returns the bytes that they have.
size_t Reader::parse(const uint8_t* bytes, size_t count) {
    size_t at = 0;
    while (!stopped_ && damage_.text.empty()) {
        const uint8_t* next = bytes + at;
        const size_t left = count - at;
        const size_t used = stage_ == Stage::head    ? parse_head(next, left)
                            : stage_ == Stage::extra ? parse_extra(next, left)
                                                     : parse_header(next, left);
        if (used == 0) break;
        at += used;
        consumed_ += static_cast<int64_t>(used);
    }
    return at;
}

size_t Reader::parse_header(const uint8_t* bytes, size_t count) {
    const size_t known = std::min(count, magic_bytes);
    if (std::memcmp(bytes, magic, known) != 0)
        return fail("is no execution trace: it must begin with 'ReTrace' (make one with `tinysim run --trace`, or in "
                    "Renode with isBinary=true)");
    if (count < fixed_header_bytes) return 0;
    header_.version = bytes[7];
    if (header_.version != 2 && header_.version != 4 && header_.version != 5)
        return fail("is of version " + number(header_.version) + ": this reader knows 2 (Renode 1.14), 4 (Renode 1.16) and 5", 7);
    if (bytes[8] == 0) return fail("has opcodes only: record it as PC or PCAndOpcode, a count needs the pc", 8);
    if (bytes[8] != pc_bytes)
        return fail("has pcs of " + number(bytes[8]) + " bytes: it is of another CPU, a Cortex-M has 4", 8);
    if (bytes[9] > 1) return fail("has a damaged header: the opcode flag is " + number(bytes[9]), 9);
    header_.has_opcodes = bytes[9] == 1;
    const size_t triples = header_.has_opcodes ? parse_triples(bytes + fixed_header_bytes, count - fixed_header_bytes) : 0;
    if (header_.has_opcodes && triples == 0) return 0;
    stage_ = Stage::head;
    return fixed_header_bytes + triples;
}

size_t Reader::parse_triples(const uint8_t* bytes, size_t count) {
    if (count < 2) return 0;
    const bool is_one_set = header_.version >= 5 ? bytes[0] == 1 : bytes[0] == 0;
    if (!is_one_set) return fail("is of a CPU with several instruction sets, not of a Cortex-M", fixed_header_bytes);
    const size_t length = bytes[1];
    if (count < 2 + length) return 0;
    const std::string name = printable(bytes + 2, length);
    if (name.rfind(processor, 0) != 0)
        return fail("is of another CPU: '" + name + "', not '" + processor + "'", fixed_header_bytes + 2);
    return 2 + length;
}

size_t Reader::parse_head(const uint8_t* bytes, size_t count) {
    if (count < pc_bytes + size_t{header_.has_opcodes}) return 0;
    const uint8_t size = header_.has_opcodes ? bytes[pc_bytes] : 0;
    if (header_.has_opcodes && size != 2 && size != 4)
        return fail("has an opcode of " + number(size) + " bytes, Thumb has 2 and 4: it is damaged before here", pc_bytes);
    const size_t length = pc_bytes + size_t{header_.has_opcodes} + size;
    if (count < length) return 0;
    entry_.offset = consumed_;
    entry_.pc = take<uint32_t>(bytes);
    entry_.size = size;
    entry_.opcode = size == 4 ? take<uint32_t>(bytes + pc_bytes + 1) : size == 2 ? take<uint16_t>(bytes + pc_bytes + 1) : 0;
    stage_ = Stage::extra;
    return length;
}

size_t Reader::parse_extra(const uint8_t* bytes, size_t count) {
    if (count == 0) return 0;
    switch (bytes[0]) {
        case end_of_instruction: close_entry(); return 1;
        case memory_access: return parse_access(bytes, count);
        case register_values: return fail("has register values: record it without TrackRegisters");
        case vector_configuration: case atomic_operands: return fail("has data of another CPU (type " + number(bytes[0]) + ")");
        default: return fail("has additional data of the unknown type " + number(bytes[0]) + ": it is damaged before here");
    }
}

size_t Reader::parse_access(const uint8_t* bytes, size_t count) {
    const size_t length = 1 + (header_.has_values() ? access_bytes_4 : access_bytes_2);
    if (count < length) return 0;
    if (bytes[1] > static_cast<uint8_t>(AccessKind::fetch))
        return fail("has an access of the unknown kind " + number(bytes[1]) + ": it is damaged before here", 1);
    const AccessKind kind = static_cast<AccessKind>(bytes[1]);
    const uint64_t address = take<uint64_t>(bytes + 2);
    const uint64_t value = header_.has_values() ? take<uint64_t>(bytes + 10) : 0;
    if (kind == AccessKind::fetch) {
        if (header_.has_values()) note(take<uint64_t>(bytes + 18), value);
        return length;
    }
    if (address >> 32 != 0) return fail("has an access to an address beyond 32 bits: it is damaged before here", 2);
    if (entry_.accesses.size() == most_accesses) return fail("has more accesses behind one instruction than a block can make");
    entry_.accesses.push_back({kind, static_cast<uint32_t>(address), value});
    return length;
}

// Any other fetch is Renode's own: it says nothing that the pc does not.
void Reader::note(uint64_t mark, uint64_t value) {
    if (mark >> 32 != note_mark) return;
    const auto number = static_cast<int64_t>(value & 0xFFFF'FFFF);
    switch (static_cast<Note>(mark & 0xFF)) {
        case Note::complete: header_.has_notes = true; break;
        case Note::skipped: entry_.skipped = true; break;
        case Note::extra: entry_.extra_cycles = static_cast<int32_t>(number); break;
        case Note::exception: entry_.exception = static_cast<int32_t>(number); break;
        case Note::interrupted: entry_.interrupted_at = static_cast<uint32_t>(number); break;
        case Note::sequence: entry_.sequence_cycles += number; break;
        case Note::sleep: entry_.sleep_cycles += number; break;
    }
}

void Reader::close_entry() {
    stopped_ = !sink_.take(entry_, header_);
    entry_ = clean(std::move(entry_.accesses));
    stage_ = Stage::head;
}

}  // namespace tinysim::trace
