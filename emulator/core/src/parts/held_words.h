// Output registers of a sensor, low byte first. With block data update (BDU) a word stands still from the reading of its first byte
// to that of its last.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "tinysim/archive.h"

namespace tinysim {

template <size_t words, size_t bytes_each = 2>
class HeldWords {
public:
    static bool is_last(size_t byte) { return byte % bytes_each == bytes_each - 1; }

    void hold(const std::array<int32_t, words>& values, bool block_data_update) {
        for (size_t i = 0; i < words; ++i) {
            held_back_[i] = block_data_update && half_read_[i];
            (held_back_[i] ? next_ : shown_)[i] = values[i];
        }
    }
    uint8_t read(size_t byte) {
        const size_t word = byte / bytes_each;
        const auto value = static_cast<uint8_t>(shown_[word] >> 8 * (byte % bytes_each));
        half_read_[word] = !is_last(byte);
        if (is_last(byte) && std::exchange(held_back_[word], false)) shown_[word] = next_[word];
        return value;
    }
    void state(Archive& archive) { archive(shown_, next_, half_read_, held_back_); }

private:
    std::array<int32_t, words> shown_{}, next_{};
    std::array<bool, words> half_read_{}, held_back_{};
};

}  // namespace tinysim
