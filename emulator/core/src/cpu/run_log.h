// What the CPU observes of itself for the record: exceptions, sleep, stages. Ticks; no cost to the guest.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tinysim/archive.h"
#include "tinysim/scheduler.h"

namespace tinysim {

struct RunLog {
    struct ExceptionSpan {
        Tick enter, exit;
        uint16_t number;
        void state(Archive& archive) { archive(enter, exit, number); }
    };
    struct Span {
        Tick enter, exit;
        void state(Archive& archive) { archive(enter, exit); }
    };
    struct StageSpan {
        Tick enter, exit;
        uint16_t stage;
        void state(Archive& archive) { archive(enter, exit, stage); }
    };
    struct Access {
        uint32_t address, pc;
        bool is_write;
        uint64_t count;
        void state(Archive& archive) { archive(address, pc, is_write, count); }
    };

    std::vector<ExceptionSpan> exceptions;
    std::vector<Span> sleeps;
    std::vector<StageSpan> stages;
    std::vector<Access> gaps;                  // one row per (address, direction): first pc, count

    void enter_exception(Tick now, unsigned number) {
        open_exceptions_.push_back(exceptions.size());
        exceptions.push_back({now, never, static_cast<uint16_t>(number)});
    }
    void exit_exception(Tick now) {
        if (open_exceptions_.empty()) return;
        exceptions[open_exceptions_.back()].exit = now;
        open_exceptions_.pop_back();
    }
    void gap(uint32_t address, uint32_t pc, bool is_write) {
        const uint64_t key = static_cast<uint64_t>(is_write) << 32 | address;
        auto [row, is_new] = gap_rows_.try_emplace(key, gaps.size());
        if (is_new) gaps.push_back({address, pc, is_write, 0});
        ++gaps[row->second].count;
        if (is_new && on_new_gap) on_new_gap();
    }
    std::function<void()> on_new_gap;          // whoever waits for it
    void forget_open() { open_exceptions_.clear(); }     // system reset: no handler will return
    void state(Archive& archive);

private:
    std::vector<size_t> open_exceptions_;
    std::unordered_map<uint64_t, size_t> gap_rows_;
};

}  // namespace tinysim
