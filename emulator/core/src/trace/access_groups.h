// Renode 1.14 (version 2) writes all accesses of a translated block behind the block's first instruction: this gives each
// instruction its own again, by the order of program and by what its opcode can do.
#pragma once

#include <cstdint>
#include <vector>

#include "trace/facts.h"
#include "trace/reader.h"

namespace tinysim::trace {

class AccessGroups {
public:
    // What an entry came with. Accesses of the group before that no instruction took are counted.
    void arrive(const std::vector<Access>& accesses) {
        if (accesses.empty()) return;
        unclaimed_ += waiting();
        group_ = accesses;
        next_ = 0;
    }
    // Those of this instruction; none: it was skipped, or makes none.
    void claim(const Insn& insn, std::vector<Access>& own);

    int64_t unclaimed() const { return unclaimed_ + waiting(); }

private:
    int64_t waiting() const { return static_cast<int64_t>(group_.size() - next_); }

    std::vector<Access> group_;
    size_t next_ = 0;
    int64_t unclaimed_ = 0;
};

}  // namespace tinysim::trace
