#include "trace/access_groups.h"

namespace tinysim::trace {

void AccessGroups::claim(const Insn& insn, std::vector<Access>& own) {
    own.clear();
    const DataAccess wanted = data_access(insn);
    for (unsigned i = 0; i < wanted.count && next_ < group_.size(); ++i) {
        const Access& next = group_[next_];
        if (is_write(next.kind) != wanted.is_write) return;
        if (insn.mode == Mode::literal && next.address != insn.imm + 4 * i) return;
        own.push_back(next);
        ++next_;
    }
}

}  // namespace tinysim::trace
