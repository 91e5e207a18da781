// The commonest work of a DMA controller, fast: one stream alone copies words from RAM to RAM (memory-to-memory, single
// beats). Step for step what dma_ports.cc would do; it stops in front of flags, other memories and the next kilobyte's
// look-up, and dma_ports.cc does those. While it is active, what it copies is here and not in the stream and the ports.
#pragma once

#include "bus/matrix.h"
#include "soc/stm32/dma_port_state.h"
#include "soc/stm32/dma_stream.h"
#include "soc/stm32/dma_timing.h"

namespace tinysim::stm32::dma {

class WordCopy {
public:
    // Both pointers are in a kilobyte that has been looked up.
    static bool is_possible(const Stream& stream, unsigned index, const std::array<Port, 2>& ports);
    void begin(const Stream& stream, unsigned index, const std::array<Port, 2>& ports, const std::array<MasterId, 2>& masters,
               const Timing& timing, const Matrix& matrix);
    // Takes slaves before `until`, ends transfers up to `ends_until`. False: the next step is for the long way.
    bool run(Tick until, Tick ends_until);
    void put_back(Stream& stream, std::array<Port, 2>& ports, Tick& simulated);
    void drop() { is_active_ = false; }

    bool is_active() const { return is_active_; }
    unsigned index() const { return index_; }
    Tick arbitrates_at() const { return arbitrates_at_; }       // from then on both ports look for a transfer; never: they need not
    Tick idle_until() const { return std::min(lanes_[0].next_at, lanes_[1].next_at); }

private:
    enum class Next : uint8_t { step, nothing, long_way };
    struct Lane {
        Phase phase = Phase::idle;
        MasterId master = 0;
        Tick next_at = never, free_at = 0;
        Slave* slave = nullptr;
        const Tick* busy_until = nullptr;       // of the slave while it waits for it
        uint8_t* host = nullptr;                // where address 0 would be
        uint32_t address = 0, step = 0, kilobyte = 0;
        Tick overhead_ticks = 0;
        Tick ready_at() const { return std::max(next_at, *busy_until); }
    };

    bool is_read_first() const;
    template <Side S> Next step(Tick ready_at, Tick until, Tick ends_until);
    template <Side S> Next finish();
    template <Side S> bool begin_next(Tick at);
    template <Side S> bool wants() const;

    const Tick no_wait_ = 0;
    bool is_active_ = false, moving_fifo_ = false;
    uint8_t index_ = 0;
    uint32_t items_ = 0, left_bytes_ = 0, half_bytes_ = 0, flag_bytes_ = 0, threshold_bytes_ = 0;
    Fifo fifo_;
    Lane lanes_[2];                             // by Side
    Tick data_ticks_ = 0, cycle_ticks_ = 0, matrix_ticks_ = 0;
    Tick simulated_ = never, arbitrates_at_ = never;
    const Matrix* matrix_ = nullptr;
    const Memory* target_ = nullptr;
};

}  // namespace tinysim::stm32::dma
