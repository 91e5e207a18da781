#include "tinysim/memory.h"

#include <algorithm>
#include <cstring>

#include "tinysim/archive.h"

namespace tinysim {

void Memory::write(uint32_t offset, const uint8_t* source, uint32_t count) {
    std::memcpy(bytes_.data() + offset, source, count);
    changed(offset, count);
}

void Memory::changed(uint32_t offset, uint32_t count) {
    if (!any_code_ || count == 0) return;
    // An instruction that starts before the range can reach into it: look one block back.
    const uint32_t first = offset / code_block_bytes;
    const uint32_t last = (offset + count - 1) / code_block_bytes;
    bool hit = first > 0 && code_[first - 1] != 0;
    for (uint32_t block = first; block <= last; ++block) hit = hit || code_[block] != 0;
    if (hit && on_code_changed) on_code_changed(offset, count);
}

void Memory::lose() {
    std::fill(bytes_.begin(), bytes_.end(), fill_);
    changed(0, size());
}

void Memory::state(Archive& archive) { archive.memory(bytes_); }

void Memory::mark_code(uint32_t offset, uint32_t count) {
    for (uint32_t block = offset / code_block_bytes; block <= (offset + count - 1) / code_block_bytes; ++block)
        code_[block] = 1;
    if (any_code_) return;
    any_code_ = true;
    if (on_first_code) on_first_code();
}

}  // namespace tinysim
