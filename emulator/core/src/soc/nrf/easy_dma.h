// One EasyDMA channel: PTR, MAXCNT, AMOUNT, LIST and the transfer that they started.
// nRF52840 Product Specification, "EasyDMA". PTR and MAXCNT are double-buffered: start()
// captures them. A pointer outside RAM is a warning and a counter (`<name>.dma_errors`), and no
// byte moves. Each `easy_dma_beat_bytes` of a transfer are one beat on the bus; a beat that waits for
// the CPU is counted there (Matrix) and does not hold up the wire.
#pragma once

#include <string>

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim::nrf {

class EasyDma {
public:
    enum class Direction { to_memory, from_memory };
    static constexpr uint32_t register_bytes =
        0x10;  // PTR, MAXCNT, AMOUNT, LIST stand in this order

    EasyDma(const Construction& construction, Direction direction);

    uint32_t read_register(uint32_t offset) const;  // offset from PTR
    void write_register(uint32_t offset, uint32_t value);
    void reset();
    void state(Archive& archive);

    bool start();  // false: the buffer is not in RAM, nothing runs
    bool is_running() const { return running_; }
    uint32_t moved() const { return moved_bytes_; }
    uint32_t left() const { return count_bytes_ - moved_bytes_; }
    void put(uint8_t byte);   // wire to RAM
    uint8_t take();           // RAM to wire
    void finish();            // AMOUNT holds, the transfer is recorded
    void finish_unchanged();  // as finish(), but AMOUNT keeps its old value

private:
    uint32_t next_address();
    void bus_error(uint32_t address);

    Scheduler& scheduler_;
    Recorder& recorder_;
    DmaPort& dma_;
    const std::string name_;
    const Direction direction_;
    const uint16_t master_;       // in the record
    const MasterId bus_master_;   // on the matrix: one for both directions of a block
    const uint32_t beat_bytes_;
    int64_t& dma_errors_;
    bool warned_ = false;

    uint32_t ptr_ = 0, maxcnt_ = 0, amount_ = 0, list_ = 0;
    uint32_t address_ = 0, count_bytes_ = 0, moved_bytes_ = 0;
    Tick started_at_ticks_ = 0;
    bool running_ = false;
};

}  // namespace tinysim::nrf
