// A block of memory: bytes, how it may be written, and who must hear of writes to decoded code.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tinysim {

class Archive;
class FlashTiming;
enum class MemoryKind { ram, flash };

class Memory {
public:
    Memory(std::string name, uint32_t size_bytes, MemoryKind kind, uint8_t fill)
        : name_(std::move(name)), kind_(kind), fill_(fill), bytes_(size_bytes, fill), code_(size_bytes / code_block_bytes + 1, 0) {}

    const std::string& name() const { return name_; }
    MemoryKind kind() const { return kind_; }
    uint32_t size() const { return static_cast<uint32_t>(bytes_.size()); }
    uint8_t* data() { return bytes_.data(); }
    const uint8_t* data() const { return bytes_.data(); }

    // Host, DMA, flash controller and CPU slow path write through here, so that stale decoded code is dropped.
    void write(uint32_t offset, const uint8_t* source, uint32_t count);
    void changed(uint32_t offset, uint32_t count);
    void lose();                                  // its supply has gone: as at power-on
    void state(Archive& archive);                 // decoded code is the reader's to drop

    // Decoded-code map: 256-byte blocks that hold decoded instructions.
    static constexpr uint32_t code_block_bytes = 256;
    void mark_code(uint32_t offset, uint32_t count);
    bool holds_code(uint32_t offset) const { return code_[offset / code_block_bytes] != 0; }
    bool holds_any_code() const { return any_code_; }
    std::function<void(uint32_t offset, uint32_t count)> on_code_changed;
    std::function<void()> on_first_code;

    // Flash: a CPU store goes here (the controller), false is a bus fault. Empty: stores to flash fault.
    std::function<bool(uint32_t offset, uint32_t value, unsigned bytes)> on_store;
    // Flash: its wait states; the flash controller owns it. Null: none.
    FlashTiming* timing = nullptr;

private:
    std::string name_;
    MemoryKind kind_;
    const uint8_t fill_;
    std::vector<uint8_t> bytes_;
    std::vector<uint8_t> code_;
    bool any_code_ = false;
};

}  // namespace tinysim
