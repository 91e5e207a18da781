// What a run leaves behind, appended by devices; times are ticks and become CPU cycles when the record is taken.
// A name is registered once (at construction) and answers a small number for the hot calls.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tinysim/archive.h"
#include "tinysim/scheduler.h"

namespace tinysim {

class Recorder {
public:
    explicit Recorder(const Scheduler& scheduler) : scheduler_(scheduler) {}

    struct UartByte {
        Tick at;
        uint16_t uart;
        uint8_t byte;
        void state(Archive& archive) { archive(at, uart, byte); }
    };
    struct Level {
        Tick at;
        uint16_t id;
        int32_t value;
        void state(Archive& archive) { archive(at, id, value); }
    };
    struct Transfer {
        Tick start, end;
        uint16_t master;
        uint8_t to_memory;
        uint32_t address, bytes;
        void state(Archive& archive) { archive(start, end, master, to_memory, address, bytes); }
    };

    uint16_t name_uart(const std::string& name) { return number(uarts, name); }
    uint16_t name_line(const std::string& name) { return number(lines, name); }
    uint16_t name_level(const std::string& name) { return number(levels, name); }
    uint16_t name_master(const std::string& name) { return number(masters, name); }

    void uart_byte(uint16_t uart, uint8_t byte) {
        uart_bytes.push_back({scheduler_.now(), uart, byte});
        if (byte == '\n' && on_newline) on_newline();
        if (on_notice) on_notice();
    }
    std::function<void()> on_newline;          // whoever waits for a console line
    std::function<void()> on_notice;           // ... for any byte of a UART, change of a line, warning or new gap
    void line(uint16_t id, bool level) {
        line_changes.push_back({scheduler_.moment(), id, level});
        if (on_notice) on_notice();
    }
    void level(uint16_t id, int32_t value) { level_changes.push_back({scheduler_.moment(), id, value}); }
    void transfer(uint16_t master, Tick start, bool to_memory, uint32_t address, uint32_t bytes) {
        transfers.push_back({start, scheduler_.now(), master, to_memory, address, bytes});
    }
    int64_t& counter(const std::string& name) { return counters[name]; }   // the reference stays valid
    void warn(std::string text) {
        warnings.push_back({scheduler_.now(), std::move(text), pc ? pc() : 0});
        if (on_notice) on_notice();
    }

    std::function<uint32_t()> pc;              // where the CPU is, for warnings

    struct Warning {
        Tick at;
        std::string text;
        uint32_t pc;
        void state(Archive& archive) { archive(at, text, pc); }
    };
    void state(Archive& archive);
    std::vector<std::string> uarts, lines, levels, masters;
    std::vector<UartByte> uart_bytes;
    std::vector<Level> line_changes, level_changes;
    std::vector<Transfer> transfers;
    std::vector<Warning> warnings;
    std::map<std::string, int64_t> counters;

private:
    static uint16_t number(std::vector<std::string>& names, const std::string& name) {
        for (size_t i = 0; i < names.size(); ++i)
            if (names[i] == name) return static_cast<uint16_t>(i);
        names.push_back(name);
        return static_cast<uint16_t>(names.size() - 1);
    }
    const Scheduler& scheduler_;
};

}  // namespace tinysim
