// The code that a trace ran: ranges of the firmware, decoded once for each address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cpu/insn.h"

namespace tinysim::trace {

class CodeImage {
public:
    // `is_fixed`: flash, whose opcodes must be those of the trace. Ranges may overlap; the first that has an address counts.
    void add(uint32_t start, const uint8_t* bytes, size_t count, bool is_fixed);

    bool contains(uint32_t pc) const { return (pc & 1) == 0 && range_of(pc) != nullptr; }
    // The opcode at an address as the trace writes it; false: its end is outside.
    bool opcode(uint32_t pc, uint32_t& code, uint8_t& size) const;
    bool is_fixed(uint32_t pc) const;
    // The instruction of this opcode at this address; valid until the next call.
    const Insn& decode(uint32_t pc, uint32_t code, uint8_t size, bool in_it);

private:
    struct Decoded {
        Insn insn;
        uint32_t code = 0;
        bool in_it = false;
        bool is_there = false;
    };
    struct Range {
        uint32_t start, bytes;
        bool is_fixed;
        std::vector<uint8_t> content;
        std::vector<uint32_t> places;       // per halfword: index into decoded_, plus one
    };
    const Range* range_of(uint32_t pc) const;

    std::vector<Range> ranges_;
    mutable size_t last_ = 0;
    std::vector<Decoded> decoded_ = std::vector<Decoded>(1);        // [0]: code outside, decoded each time
};

}  // namespace tinysim::trace
