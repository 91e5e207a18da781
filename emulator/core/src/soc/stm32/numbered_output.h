// Outputs of a block that are numbers, alone or behind a word: "3", "LastItem27".
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

#include "tinysim/line.h"

namespace tinysim::stm32 {

template <class Lines>
Line* numbered_output(Lines& lines, std::string_view name, std::string_view word = {}) {
    if (!name.starts_with(word)) return nullptr;
    name.remove_prefix(word.size());
    size_t number = lines.size();
    const auto result = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool is_number = result.ec == std::errc() && result.ptr == name.data() + name.size();
    return is_number && number < lines.size() ? &lines[number] : nullptr;
}

}  // namespace tinysim::stm32
