// The frozen state of a machine: one string of small values, and the large arrays (memories, logs) cut into pages.
// Pages that did not change since the snapshot before are shared with it, so that many snapshots cost little.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tinysim {

struct Snapshot {
    static constexpr size_t page_bytes = 4096;
    using Page = std::shared_ptr<const std::string>;
    struct Array {
        size_t bytes = 0;
        std::vector<Page> pages;        // all but the last are full
    };

    std::string values;
    std::vector<Array> arrays;

    std::string flat() const;                               // for a file
    static Snapshot from_flat(std::string_view flat);       // throws ArchiveMismatch when it is cut short
};

}  // namespace tinysim
