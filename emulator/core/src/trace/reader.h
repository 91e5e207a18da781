// Reads a ReTrace of version 2, 4 or 5 that is pushed in pieces of any size; see trace/format.h. Memory does not grow
// with the trace. Only traces of a Cortex-M4 with pcs are taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "trace/format.h"

namespace tinysim::trace {

struct Access {
    AccessKind kind;
    uint32_t address;
    uint64_t value;                 // 0 where the version has none (2)
};

struct Entry {
    int64_t offset = 0;             // of its first byte in the unpacked trace
    uint32_t pc = 0;
    uint32_t opcode = 0;            // 0 in a trace without opcodes
    uint8_t size = 0;               // bytes of the opcode; 0: not in the trace
    bool skipped = false;           // this and what follows: as our own writer notes it
    int32_t extra_cycles = 0;
    int32_t exception = 0;
    uint32_t interrupted_at = 0;
    int64_t sequence_cycles = 0, sleep_cycles = 0;
    std::vector<Access> accesses;
};

struct Header {
    uint8_t version = 0;
    bool has_opcodes = false;
    bool has_notes = false;         // written by tinysim: nothing needs to be guessed
    bool has_values() const { return version >= 4; }
};

// What is wrong and where. Empty text: nothing yet.
struct Damage {
    std::string text;
    int64_t offset = 0;
};

class EntrySink {
public:
    virtual ~EntrySink() = default;
    // One finished instruction; false: stop reading, the sink knows why.
    virtual bool take(const Entry& entry, const Header& header) = 0;
};

class Reader {
public:
    explicit Reader(EntrySink& sink) : sink_(sink) {}

    // False: there is damage, or the sink has enough; more is ignored.
    bool push(const uint8_t* bytes, size_t count);
    // The trace ends here. False: it was cut short.
    bool finish();

    const Header& header() const { return header_; }
    const Damage& damage() const { return damage_; }
    int64_t bytes() const { return consumed_; }

private:
    enum class Stage : uint8_t { header, head, extra };

    size_t parse(const uint8_t* bytes, size_t count);
    size_t parse_header(const uint8_t* bytes, size_t count);
    size_t parse_triples(const uint8_t* bytes, size_t count);
    size_t parse_head(const uint8_t* bytes, size_t count);
    size_t parse_extra(const uint8_t* bytes, size_t count);
    size_t parse_access(const uint8_t* bytes, size_t count);
    void note(uint64_t mark, uint64_t value);
    void close_entry();
    size_t fail(std::string text, size_t at = 0);

    EntrySink& sink_;
    Stage stage_ = Stage::header;
    Header header_;
    Entry entry_;
    Damage damage_;
    bool stopped_ = false;
    bool finished_ = false;
    int64_t consumed_ = 0;          // bytes of the trace that are behind us
    std::vector<uint8_t> carry_;    // the begin of a piece that is not all here yet
};

}  // namespace tinysim::trace
