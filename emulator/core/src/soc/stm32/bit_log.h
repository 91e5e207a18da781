// The bits of one microphone that have been taken from it and that a listener may want yet: filters and detectors of the DFSDM
// hear the same wire at their own pace. Bits have CKOUT's numbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>

#include "tinysim/archive.h"

namespace tinysim::stm32 {

class BitLog {
public:
    int64_t begin() const { return begin_; }
    int64_t end() const { return end_; }

    void restart(int64_t at) {
        words_.clear();
        begin_ = end_ = at;
    }
    void append(uint64_t bits, unsigned count) {           // 1 to 64, the first one lowest
        if (count < word_bits) bits &= (uint64_t{1} << count) - 1;
        const auto used = static_cast<unsigned>((end_ - begin_) % word_bits);
        if (used != 0) words_.back() |= bits << used;
        if (used == 0) words_.push_back(bits);
        else if (used + count > word_bits) words_.push_back(bits >> (word_bits - used));
        end_ += count;
    }
    uint64_t from(int64_t bit) const {                     // up to 64 of those that are there
        const auto offset = static_cast<uint64_t>(bit - begin_);
        const size_t word = offset / word_bits;
        const unsigned shift = offset % word_bits;
        const uint64_t low = words_[word] >> shift;
        return shift == 0 || word + 1 == words_.size() ? low : low | words_[word + 1] << (word_bits - shift);
    }
    void forget_before(int64_t bit) {                      // in words
        for (; begin_ + word_bits <= std::min(bit, end_); begin_ += word_bits) words_.pop_front();
    }
    void state(Archive& archive) { archive(words_, begin_, end_); }

private:
    static constexpr int64_t word_bits = 64;

    std::deque<uint64_t> words_;
    int64_t begin_ = 0, end_ = 0;
};

}  // namespace tinysim::stm32
