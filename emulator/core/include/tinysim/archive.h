// One list of members for both directions: `archive(a_, b_)` writes them to a snapshot or reads them back. Sections
// are named, so that a mismatch is found where it begins. Never while the guest runs: reading throws ArchiveMismatch.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tinysim/line.h"
#include "tinysim/scheduler.h"
#include "tinysim/snapshot.h"

namespace tinysim {

struct ArchiveMismatch : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

class Archive {
public:
    Archive(Snapshot& to, const Snapshot* before, Scheduler& scheduler)     // shares what is still as it was `before`
        : scheduler_(scheduler), to_(&to), before_(before), out_(&to.values) {}
    Archive(const Snapshot& from, Scheduler& scheduler) : scheduler_(scheduler), from_(&from), rest_(from.values) {}

    bool is_reading() const { return from_ != nullptr; }
    void section(const std::string& name);
    void same(const std::string& what, uint64_t mine);      // of the description: must be equal on both sides

    // Numbers, enums, strings, arrays, vectors and deques of these, lines, events, and what has state(Archive&).
    template <class... Member>
    void operator()(Member&... members) {
        (value(members), ...);
    }

    // In pages: contents of fixed size, and rows that only become more while the machine runs.
    void memory(std::vector<uint8_t>& bytes);
    template <class Row>
    void log(std::vector<Row>& rows) {
        std::string packed;
        if (is_reading()) {
            packed = take_array();
            const std::string_view outer = std::exchange(rest_, packed);
            for (rows.clear(); !rest_.empty();) value(rows.emplace_back());
            rest_ = outer;
        } else {
            std::string* outer = std::exchange(out_, &packed);
            for (Row& row : rows) value(row);
            out_ = outer;
            put_array(packed);
        }
    }

    void finish();                      // all has been read, and no scheduled event was left out

private:
    void raw(void* at, size_t bytes);
    void value(Line& line);
    void value(Event& event);
    void value(bool& flag);
    void value(std::string& text) { sequence(text); }
    template <class T>
    void value(std::vector<T>& members) {
        sequence(members);
    }
    template <class T>
    void value(std::deque<T>& members) {
        sequence(members);
    }
    template <class T, size_t count>
    void value(std::array<T, count>& members) {
        for (T& each : members) value(each);
    }
    template <class T, size_t count>
    void value(T (&members)[count]) {
        for (T& each : members) value(each);
    }
    template <class T>
    void value(T& member) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) raw(&member, sizeof member);
        else member.state(*this);
    }
    template <class Sequence>
    void sequence(Sequence& members) {
        uint64_t count = members.size();
        value(count);
        check_count(count);
        if (is_reading()) members.resize(count);
        for (auto& each : members) value(each);
    }

    void check_count(uint64_t count) const;
    void put_array(std::string_view bytes);
    std::string take_array();
    const Snapshot::Array& next_array();
    [[noreturn]] void mismatch(const std::string& text) const;

    Scheduler& scheduler_;
    Snapshot* to_ = nullptr;
    const Snapshot* before_ = nullptr;
    const Snapshot* from_ = nullptr;
    std::string* out_ = nullptr;
    std::string_view rest_;
    size_t arrays_read_ = 0;
    std::string section_;
    std::vector<const Event*> events_;
};

}  // namespace tinysim
