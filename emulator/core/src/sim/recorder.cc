#include "tinysim/recorder.h"

#include <algorithm>

namespace tinysim {
namespace {

// Numbers that somebody holds stay what they are: one side may know more names than the other, never different ones.
void merge(Archive& archive, std::vector<std::string>& names) {
    std::vector<std::string> found = names;
    archive(found);
    const auto common = static_cast<std::ptrdiff_t>(std::min(found.size(), names.size()));
    if (!std::equal(found.begin(), found.begin() + common, names.begin()))
        throw ArchiveMismatch("the snapshot has other UARTs, lines or DMA masters than this machine");
    names.insert(names.end(), found.begin() + common, found.end());
}

}  // namespace

void Recorder::state(Archive& archive) {
    for (auto* names : {&uarts, &lines, &levels, &masters}) merge(archive, *names);
    archive.log(uart_bytes);
    archive.log(line_changes);
    archive.log(level_changes);
    archive.log(transfers);
    archive(warnings);
    uint64_t count = counters.size();
    archive(count);
    if (!archive.is_reading()) {
        for (auto& [name, value] : counters) {
            std::string text = name;
            archive(text, value);
        }
        return;
    }
    for (auto& [name, value] : counters) value = 0;       // devices hold references: none is removed
    for (; count != 0; --count) {
        std::string name;
        archive(name);
        archive(counters[name]);
    }
}

}  // namespace tinysim
