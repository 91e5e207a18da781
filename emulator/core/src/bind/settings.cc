#include "bind/settings.h"

#include <cstdio>

#include "tinysim/flash_timing.h"

namespace tinysim {
namespace {

std::string megahertz(double hz) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g MHz", hz / 1e6);
    return text;
}

// "a, b and c" of the slaves of one kind, each as `word` says it; empty: there is none.
template <class Word>
std::string slaves_of(const Matrix& matrix, SlaveKind kind, unsigned& count, Word word) {
    std::vector<std::string> words;
    for (const auto& slave : matrix.slaves())
        if (slave->kind == kind) words.push_back(word(*slave));
    count = static_cast<unsigned>(words.size());
    if (count > 3 && kind == SlaveKind::ram) return words.front() + " to " + words.back();
    std::string all;
    for (size_t i = 0; i < words.size(); ++i) all += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return all;
}

std::string name_of(const Slave& slave) { return slave.name; }

void add_banks(const Machine& m, std::vector<std::string>& lines) {
    const Matrix& matrix = m.bus.matrix;
    unsigned count = 0;
    const std::string banks = slaves_of(matrix, SlaveKind::ram, count, name_of);
    const std::string rule = matrix.timing.round_robin != 0 ? "round robin" : "fixed priority, the CPU first";
    if (count == 1) lines.push_back("RAM: zero wait states, one bank, arbitration " + rule);
    else if (count > 1)
        lines.push_back("RAM: zero wait states, " + std::to_string(count) + " banks (" + banks + ") with an arbiter each, " + rule);
    const std::string own = slaves_of(matrix, SlaveKind::local, count, name_of);
    if (count != 0) lines.push_back(own + ": zero wait states, for the CPU alone");
}

void add_bridges(const Machine& m, std::vector<std::string>& lines) {
    const auto word = [&m](const Slave& slave) {
        const Tick period = slave.apb_cycle_ticks != 0 ? slave.apb_cycle_ticks : m.cpu.ticks_per_cycle;
        return slave.name + " at " + megahertz(static_cast<double>(m.scheduler.ticks_per_second()) / static_cast<double>(period));
    };
    unsigned count = 0;
    const std::string bridges = slaves_of(m.bus.matrix, SlaveKind::apb, count, word);
    const char* writes = m.bus.matrix.timing.apb_write_posted != 0 ? "writes are posted" : "writes hold the CPU";
    if (count != 0) lines.push_back("peripheral bridges: " + bridges + ", " + writes);
}

}  // namespace

std::vector<std::string> memory_settings(const Machine& machine) {
    std::vector<std::string> lines;
    std::string plain;
    for (const auto& memory : machine.bus.memories()) {
        if (memory->timing != nullptr) lines.push_back(memory->name() + ": " + memory->timing->describe());
        else if (machine.bus.matrix.is_empty()) plain += (plain.empty() ? "" : ", ") + memory->name();
    }
    if (!plain.empty()) lines.push_back(plain + ": zero wait states, other bus masters cost nothing");
    add_banks(machine, lines);
    add_bridges(machine, lines);
    return lines;
}

}  // namespace tinysim
