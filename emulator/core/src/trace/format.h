// Renode's binary execution trace ("ReTrace"), as Renode 1.14 (version 2), 1.16 (4) and our writer (5) have it:
//   "ReTrace" | version | bytes of a pc (4; 0: none) | has opcodes
//   [has opcodes: count or flag of instruction sets | length | "thumb cortex-m4"]
//   per instruction: [pc] [length | opcode] { type | payload } 0
// A 32-bit Thumb opcode is one little-endian word, its first halfword on top.
// Our writer adds notes where the format cannot say what a count needs: accesses of the kind `fetch` at the
// instruction's own address, with `note_mark` as upper half of the physical address. Other readers show a fetch.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tinysim::trace {

inline constexpr char magic[] = "ReTrace";
inline constexpr size_t magic_bytes = 7;
inline constexpr size_t fixed_header_bytes = magic_bytes + 3;
inline constexpr char processor[] = "thumb cortex-m4";
inline constexpr size_t processor_bytes = 15;
inline constexpr uint8_t written_version = 5;

// Kinds of a memory access, as in the file.
enum class AccessKind : uint8_t { io_read, io_write, memory_read, memory_write, fetch };

// Types of what follows an instruction; 0 closes it.
enum Extra : uint8_t { end_of_instruction, memory_access, vector_configuration, atomic_operands, register_values };

// What a note tells: its number is the low half of the physical address, its value is the access's value.
enum class Note : uint8_t {
    complete,           // this trace has all notes; with the first instruction
    skipped,            // the condition failed
    extra,              // value: cycles of its own beyond the model's table and its data accesses: a division's
    exception,          // value: number of the exception that was taken behind it
    interrupted,        // value: where that exception will return to
    sequence,           // value: cycles behind it that are no instruction's: stacking, unstacking, waking up
    sleep,              // value: cycles asleep behind it
};
inline constexpr uint64_t note_mark = 0x5453'494D;          // "TSIM"
inline uint64_t note_address(Note note) { return note_mark << 32 | static_cast<uint64_t>(note); }

inline bool is_write(AccessKind kind) { return kind == AccessKind::io_write || kind == AccessKind::memory_write; }
inline bool is_device(AccessKind kind) { return kind == AccessKind::io_read || kind == AccessKind::io_write; }

}  // namespace tinysim::trace
