#include "trace/code_image.h"

namespace tinysim::trace {
namespace {

Insn decoded(uint32_t pc, uint32_t code, uint8_t size, bool in_it) {
    if (size == 4) return decode32(static_cast<uint16_t>(code >> 16), static_cast<uint16_t>(code), pc);
    return decode16(static_cast<uint16_t>(code), pc, in_it);
}

}  // namespace

void CodeImage::add(uint32_t start, const uint8_t* bytes, size_t count, bool is_fixed) {
    ranges_.push_back({start, static_cast<uint32_t>(count), is_fixed, {bytes, bytes + count}, std::vector<uint32_t>(count / 2 + 1, 0)});
}

const CodeImage::Range* CodeImage::range_of(uint32_t pc) const {
    if (last_ < ranges_.size() && pc - ranges_[last_].start < ranges_[last_].bytes) return &ranges_[last_];
    for (size_t i = 0; i < ranges_.size(); ++i) {
        if (pc - ranges_[i].start >= ranges_[i].bytes) continue;
        last_ = i;
        return &ranges_[i];
    }
    return nullptr;
}

bool CodeImage::is_fixed(uint32_t pc) const {
    const Range* range = range_of(pc);
    return range != nullptr && range->is_fixed;
}

bool CodeImage::opcode(uint32_t pc, uint32_t& code, uint8_t& size) const {
    const Range* range = range_of(pc);
    if (range == nullptr) return false;
    const uint32_t at = pc - range->start;
    if (range->bytes - at < 2) return false;
    const auto halfword = [&](uint32_t place) {
        return static_cast<uint16_t>(range->content[place] | range->content[place + 1] << 8);
    };
    const uint16_t first = halfword(at);
    size = is_thumb32(first) ? 4 : 2;
    if (range->bytes - at < size) return false;
    code = size == 4 ? static_cast<uint32_t>(first) << 16 | halfword(at + 2) : first;
    return true;
}

const Insn& CodeImage::decode(uint32_t pc, uint32_t code, uint8_t size, bool in_it) {
    uint32_t place = 0;
    if (range_of(pc) != nullptr) {
        Range& range = ranges_[last_];
        uint32_t& slot = range.places[(pc - range.start) / 2];
        if (slot == 0) {
            slot = static_cast<uint32_t>(decoded_.size());
            decoded_.emplace_back();
        }
        place = slot;
    }
    Decoded& found = decoded_[place];
    if (!found.is_there || place == 0 || found.code != code || found.in_it != in_it)
        found = {decoded(pc, code, size, in_it), code, in_it, true};
    return found.insn;
}

}  // namespace tinysim::trace
