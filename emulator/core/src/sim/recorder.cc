#include "tinysim/recorder.h"

namespace tinysim {

void Recorder::state(Archive& archive) {
    for (auto* names : {&uarts, &lines, &levels, &masters}) {
        std::vector<std::string> found = *names;
        archive(found);
        if (found != *names) throw ArchiveMismatch("the snapshot has other UARTs, lines or DMA masters than this machine");
    }
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
