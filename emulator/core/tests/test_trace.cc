// ReTrace files: what the writer writes the reader reads, in pieces of any size; damage is told with its offset and never
// crashes; version 2's groups; exceptions told by jumps.
#include <cstdio>
#include <random>

#include "device_bench.h"
#include "trace/flow.h"
#include "trace/writer.h"

using namespace tinysim;
using namespace tinysim::trace;

namespace {

struct Collector : EntrySink {
    std::vector<Entry> entries;
    bool take(const Entry& entry, const Header&) override {
        entries.push_back(entry);
        return true;
    }
};

struct Steps : StepSink {
    std::vector<Step> steps;
    std::vector<size_t> accesses;
    void take(const Step& step, const Header&) override {
        steps.push_back(step);
        accesses.push_back(step.entry->accesses.size());
    }
};

using Bytes = std::vector<uint8_t>;

Bytes written(void (*fill)(TraceWriter&)) {
    std::FILE* file = std::tmpfile();
    {
        TraceWriter writer(fileno(file));
        fill(writer);
    }
    std::fseek(file, 0, SEEK_END);
    Bytes bytes(static_cast<size_t>(std::ftell(file)));
    std::rewind(file);
    if (std::fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) bytes.clear();
    std::fclose(file);
    return bytes;
}

void sample(TraceWriter& writer) {
    using Kind = TraceWriter::Kind;
    for (uint32_t i = 0; i < 3; ++i) {
        writer.instruction(0x100, 0x6813, 2);
        writer.access(Kind::memory_read, 0x2000'0000 + 4 * i, i, 4);
        writer.instruction(0x102, 0xF04F'25E0, 4);
        writer.note(Note::extra, 7);
        writer.instruction(0x106, 0x6013, 2);
        writer.access(Kind::io_write, 0x4000'2000, 0xFFFF'FFFF, 4);
    }
}

// Reads in pieces of `step` bytes.
bool read(const Bytes& bytes, size_t step, Collector& all, Damage* damage = nullptr) {
    Reader reader(all);
    for (size_t at = 0; at < bytes.size(); at += step)
        if (!reader.push(bytes.data() + at, std::min(step, bytes.size() - at))) break;
    const bool whole = reader.finish();
    if (damage != nullptr) *damage = reader.damage();
    return whole;
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

Bytes header(uint8_t version, uint8_t pc_bytes = 4, uint8_t has_opcodes = 0) {
    Bytes bytes(magic, magic + magic_bytes);
    bytes.insert(bytes.end(), {version, pc_bytes, has_opcodes});
    return bytes;
}

void put(Bytes& bytes, uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

// Version 2, pcs alone, accesses (kind, address).
void entry_2(Bytes& bytes, uint32_t pc, const std::vector<std::pair<uint8_t, uint32_t>>& accesses = {}) {
    put(bytes, pc, 4);
    for (auto [kind, address] : accesses) {
        bytes.insert(bytes.end(), {1, kind});
        put(bytes, address, 8);
    }
    bytes.push_back(0);
}

struct Program {
    CodeImage image;
    Steps steps;
    Flow flow{image, steps};
    Reader reader{flow};
    Program(uint32_t start, const std::vector<uint16_t>& code) {
        image.add(start, reinterpret_cast<const uint8_t*>(code.data()), 2 * code.size(), true);
    }
    void run(const Bytes& bytes) {
        reader.push(bytes.data(), bytes.size());
        reader.finish();
        flow.finish(reader.header());
    }
};

}  // namespace

TEST(what_is_written_is_read_in_pieces_of_any_size) {
    const Bytes bytes = written(sample);
    for (size_t step : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, size_t{25}, size_t{63}, size_t{64}, size_t{65}, bytes.size()}) {
        Collector all;
        EXPECT_EQUAL(read(bytes, step, all), true);
        EXPECT_EQUAL(all.entries.size(), 9);
        if (all.entries.size() != 9) return;
        EXPECT_EQUAL(all.entries[1].opcode, 0xF04F'25E0);
        EXPECT_EQUAL(all.entries[1].size, 4);
        EXPECT_EQUAL(all.entries[1].extra_cycles, 7);
        EXPECT_EQUAL(all.entries[3].accesses.size(), 1);
        EXPECT_EQUAL(all.entries[3].accesses[0].address, 0x2000'0004);
        EXPECT_EQUAL(all.entries[8].accesses[0].value, 0xFFFF'FFFF);
        EXPECT_EQUAL(static_cast<int>(all.entries[8].accesses[0].kind), static_cast<int>(AccessKind::io_write));
    }
}

TEST(a_cut_at_any_byte_keeps_the_instructions_before_it) {
    const Bytes bytes = written(sample);
    size_t last = 0;
    for (size_t length = 0; length < bytes.size(); ++length) {
        Collector all;
        Damage damage;
        const bool whole = read(Bytes(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(length)), 16, all, &damage);
        EXPECT_EQUAL(all.entries.size() >= last, true);
        last = all.entries.size();
        if (!whole) EXPECT_EQUAL(damage.offset, static_cast<int64_t>(length));
        if (!whole) EXPECT_EQUAL(contains(damage.text, length == 0 ? "is empty" : "is cut short"), true);
    }
    EXPECT_EQUAL(last, 8);
}

TEST(other_versions_and_processors_are_refused_with_their_offset) {
    struct Case { Bytes bytes; const char* said; int64_t offset; };
    Bytes other = header(5, 4, 1);
    other.insert(other.end(), {1, 10, 'r', 'v', '3', '2', ' ', 'r', 'v', '3', '2', 'i'});
    Bytes several = header(5, 4, 1);
    several.insert(several.end(), {2, 0});
    const std::vector<Case> cases{
        {{'R', 'e', 'X'}, "is no execution trace", 0},
        {header(3), "is of version 3", 7},
        {header(1), "is of version 1", 7},
        {header(4, 0), "has opcodes only", 8},
        {header(4, 8), "pcs of 8 bytes", 8},
        {header(4, 4, 9), "damaged header", 9},
        {other, "is of another CPU: 'rv32 rv32i'", 12},
        {several, "several instruction sets", 10},
    };
    for (const Case& each : cases) {
        Collector all;
        Damage damage;
        EXPECT_EQUAL(read(each.bytes, 1, all, &damage), false);
        if (!contains(damage.text, each.said)) std::printf("said: %s\n", damage.text.c_str());
        EXPECT_EQUAL(contains(damage.text, each.said), true);
        EXPECT_EQUAL(damage.offset, each.offset);
    }
}

TEST(damaged_bytes_never_crash_and_never_grow) {
    const Bytes good = written(sample);
    std::mt19937 random(1);
    for (int i = 0; i < 3000; ++i) {
        Bytes bytes = good;
        for (unsigned changes = random() % 4 + 1; changes > 0; --changes) bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
        Collector all;
        read(bytes, random() % 70 + 1, all);
        EXPECT_EQUAL(all.entries.size() <= bytes.size(), true);
    }
}

TEST(accesses_without_end_are_damage) {
    Bytes bytes = header(2);
    put(bytes, 0x100, 4);
    for (int i = 0; i < 70'000; ++i) {
        bytes.insert(bytes.end(), {1, 2});
        put(bytes, 0x2000'0000, 8);
    }
    Collector all;
    Damage damage;
    EXPECT_EQUAL(read(bytes, 4096, all, &damage), false);
    EXPECT_EQUAL(contains(damage.text, "more accesses"), true);
}

// ldr r3, [r2]; adds r3, #1; str r3, [r2]; push {r4, lr}: all accesses stand behind the first.
TEST(version_2_gives_accesses_of_a_block_to_their_instructions) {
    Program program(0x100, {0x6813, 0x3301, 0x6013, 0xB510});
    Bytes bytes = header(2);
    entry_2(bytes, 0x100, {{2, 0x2000'0000}, {3, 0x2000'0000}, {3, 0x2000'0FF8}, {3, 0x2000'0FFC}});
    for (uint32_t pc : {0x102u, 0x104u, 0x106u}) entry_2(bytes, pc);
    program.run(bytes);
    const std::vector<size_t> wanted{1, 0, 1, 2};
    EXPECT_EQUAL(program.steps.accesses == wanted, true);
    EXPECT_EQUAL(program.flow.unclaimed_accesses(), 0);
}

// cmp r3, #12; itt hi; strhi r6, [r0]; addhi r6, #100: no access means that the condition failed.
TEST(a_store_without_access_inside_it_was_skipped_and_so_were_its_neighbours) {
    Program program(0x100, {0x6813, 0x2B0C, 0xBF84, 0x6006, 0x3664, 0xBF00});
    Bytes bytes = header(2);
    entry_2(bytes, 0x100, {{2, 0x2000'0000}});
    for (uint32_t pc : {0x102u, 0x104u, 0x106u, 0x108u, 0x10Au}) entry_2(bytes, pc);
    program.run(bytes);
    EXPECT_EQUAL(program.steps.steps.size(), 6);
    EXPECT_EQUAL(program.steps.steps[2].skipped, false);
    EXPECT_EQUAL(program.steps.steps[3].skipped, true);
    EXPECT_EQUAL(program.steps.steps[4].skipped, true);
    EXPECT_EQUAL(program.steps.steps[5].skipped, false);
}

// 0x100: nop, nop, b 0x100; handlers at 0x106 (nop; bx lr) and 0x10A (bx lr).
TEST(an_exception_is_a_jump_into_a_vector_and_ends_with_its_return) {
    Program program(0x100, {0xBF00, 0xBF00, 0xE7FC, 0xBF00, 0x4770, 0x4770});
    program.flow.exceptions.set_vectors({0, 0x101, 0, 0, 0x107, 0x10B});
    Bytes bytes = header(2);
    for (uint32_t pc : {0x100u, 0x106u, 0x108u, 0x10Au, 0x102u, 0x104u, 0x100u}) entry_2(bytes, pc);
    program.run(bytes);
    const auto& steps = program.steps.steps;
    EXPECT_EQUAL(steps[0].between.enters, 4);
    EXPECT_EQUAL(steps[2].between.returns, true);
    EXPECT_EQUAL(steps[2].between.tail_chains, true);
    EXPECT_EQUAL(steps[2].between.enters, 5);
    EXPECT_EQUAL(steps[3].between.returns, true);
    EXPECT_EQUAL(steps[3].between.tail_chains, false);
    EXPECT_EQUAL(steps[5].taken, true);
    EXPECT_EQUAL(steps[5].between.enters, 0);
}

TEST(a_pc_outside_the_firmware_and_another_build_stop_with_their_offset) {
    Program outside(0x100, {0xBF00, 0xBF00});
    Bytes bytes = header(2);
    for (uint32_t pc : {0x100u, 0x200u}) entry_2(bytes, pc);
    outside.run(bytes);
    EXPECT_EQUAL(contains(outside.flow.damage().text, "the pc 0x00000200 lies outside"), true);
    EXPECT_EQUAL(outside.flow.damage().offset, 15);
    EXPECT_EQUAL(outside.steps.steps.size(), 1);

    Program other(0x100, {0xBF00, 0xBF00, 0xBF00, 0xBF00});
    other.run(written([](TraceWriter& writer) { writer.instruction(0x100, 0x6813, 2); }));
    EXPECT_EQUAL(contains(other.flow.damage().text, "of another build"), true);
}

int main(int count, char** names) { return bench::run(count, names); }
