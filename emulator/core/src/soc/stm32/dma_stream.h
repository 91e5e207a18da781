// One stream of the STM32F4 DMA: its registers and what it wants to do next on which port (RM0090 10.3.5 to 10.3.20).
// Time and the bus are the controller's (dma.h). Assumed: what is left in the FIFO at the end of a block, or when the
// stream is disabled, is written byte-exactly, in pieces no larger than MSIZE; HTIF comes with the item that leaves half
// of the block (or less) to do.
#pragma once

#include <utility>

#include "soc/stm32/dma_fifo.h"
#include "soc/stm32/dma_registers.h"
#include "tinysim/dma_port.h"
#include "tinysim/recorder.h"

namespace tinysim::stm32::dma {

enum class Side : uint8_t { peripheral, memory };

struct Burst {
    uint32_t beats = 0, bytes = 0;      // bytes of one beat
};

// What stands behind the pointer of one side; valid for the kilobyte that the pointer is in.
struct Place {
    static constexpr unsigned shift = 10;
    uint32_t kilobyte = 0xFFFF'FFFF;
    DmaTarget target;
    uint32_t first = 0;                 // address of the target's offset 0
};

class Stream {
public:
    // ---- registers ----
    uint32_t read_register(uint32_t offset) const;
    void write_register(uint32_t offset, uint32_t value);           // all but CR.EN
    bool enabled() const { return (cr_ & EN) != 0; }
    uint32_t cr() const { return cr_; }
    uint8_t flags() const { return flags_; }
    void raise(uint32_t flags) { flags_ |= static_cast<uint8_t>(flags); }
    void clear(uint32_t flags) { flags_ &= static_cast<uint8_t>(~flags); }
    bool wants_interrupt() const;
    bool protects(uint32_t offset) const;                           // a write now is the error of 10.3.20
    void reset();
    void state(Archive& archive);

    // ---- life ----
    bool enable(Tick at);               // false: it stays off (nothing to do, or FEIF)
    void stop() { stopping_ = true; }
    bool is_stopping() const { return stopping_; }
    bool has_stopped() const;           // nothing left in the FIFO that has to go out
    void disable();
    void end_early(Tick at);            // stopped by the software: TCIF, NDTR keeps what is left
    const Setup& setup() const { return setup_; }
    bool requested = false;             // by the peripheral, not yet served
    bool ended = false;                 // by the peripheral, with PFCTRL

    // ---- transfers: what a side can do now (no beats: nothing), its pointer, and the end of it ----
    Burst wanted(Side side) const;
    uint32_t address(Side side) const { return side == Side::peripheral ? peripheral_address_ : memory_address_; }
    uint32_t base(Side side) const { return side == Side::peripheral ? par_ : (cr_ & CT) != 0 ? m1ar_ : m0ar_; }
    uint32_t step(Side side) const { return side == Side::peripheral ? setup_.peripheral_step : setup_.memory_step; }
    bool reads(Side side) const { return (side == Side::peripheral) == setup_.to_memory(); }
    bool completes(Side side, Burst burst) const;                   // a flag comes with its end
    void finish(Side side, Burst burst, Tick at);                   // counts, wraps, raises flags
    bool lacks_room() const;                                        // a request now is an overrun or an underrun
    bool loses_item() const;                                        // a request now is a direct mode error

    struct Block {                      // half a block that has gone over the memory port
        Tick start, end;
        uint32_t address, bytes;
        void state(Archive& archive) { archive(start, end, address, bytes); }
    };
    bool take_block(Block& block) {     // true once for each
        block = block_;
        return std::exchange(has_block_, false);
    }
    uint32_t memory_left_bytes() const { return memory_left_bytes_; }
    uint32_t block_bytes() const { return block_bytes_; }
    uint32_t items_left() const { return ndtr_; }
    Fifo fifo;
    Place places[2];                    // by Side; found again after a restore

    // ---- a copy word by word from memory to memory: what it changes while no flag comes (dma_copy.h) ----
    struct Words {
        uint32_t items = 0, source = 0, target = 0, left_bytes = 0, half_bytes = 0;
        bool moving_fifo = false;
        Fifo fifo = {};
    };
    bool copies_words() const { return is_word_copy_ && enabled() && !stopping_; }
    Words words() const {
        return {ndtr_, peripheral_address_, memory_address_, memory_left_bytes_, half_bytes_, moving_fifo_, fifo};
    }
    void put_back(const Words& words) {
        ndtr_ = words.items;
        peripheral_address_ = words.source;
        memory_address_ = words.target;
        memory_left_bytes_ = words.left_bytes;
        half_bytes_ = words.half_bytes;
        moving_fifo_ = words.moving_fifo;
        fifo = words.fifo;
    }
    uint32_t next_flag_bytes() const { return half_done_ ? 0 : block_bytes_ / 2; }      // with no more left than this

private:
    Burst wanted_of_peripheral() const;
    Burst wanted_to_memory() const;
    Burst wanted_from_memory() const;
    bool flushes() const;
    void finish_peripheral(Burst burst);
    void finish_memory(Burst burst, Tick at);
    void begin_memory_block(Tick at);
    void passed(uint32_t left_bytes);               // of the side that ends the block

    uint32_t cr_ = 0, ndtr_ = 0, par_ = 0, m0ar_ = 0, m1ar_ = 0, fcr_ = fcr_reset & fcr_writable;
    uint8_t flags_ = 0;
    Setup setup_;                                   // of cr_ and fcr_ while enabled
    bool is_word_copy_ = false;                     // the same

    uint32_t programmed_items_ = 0;                 // NDTR as the software wrote it
    uint32_t block_items_ = 0, block_bytes_ = 0;
    uint32_t peripheral_address_ = 0, memory_address_ = 0, memory_left_bytes_ = 0;
    bool second_target_ = false;                    // which memory the memory side works on (CT follows at the block's end)
    bool stopping_ = false, moving_fifo_ = false, primed_ = false, half_done_ = false;
    Tick half_start_ = 0;
    uint32_t half_address_ = 0, half_bytes_ = 0;
    Block block_{};
    bool has_block_ = false;
};

}  // namespace tinysim::stm32::dma
