// DMA1 and DMA2 of the STM32F4: eight streams, two AHB ports, one arbiter (RM0090 chapter 10; beats as in AN4031).
// dma.cc: registers, requests, interrupts; dma_ports.cc: the ports, beat by beat; dma_copy.*: the commonest beats, fast;
// dma_events.cc: when to look again.
// A port makes one transfer (beat or burst) at a time: arbitration by PL, then stream number; address; matrix; data.
// Memory-to-memory streams run without events: the matrix brings them up to each CPU access of a slave that they use, and
// one event comes at half or end of a block. Beats at a peripheral happen at their time, by an event each.
// Inputs: request of channel c at stream s is s*8+c; 64 + s*8+c says that the request is the last (PFCTRL).
// Output LastItem<s*8+c>: a pulse when one item is left to go over the peripheral port (EOT_1, which I2C listens to).
// Assumed: EN with a TEIF that was not cleared stays 0; other flags left set are a finding and no more; a paced stream's
// beat finds its SRAM used by the CPU in between (tBMA counts), and so does a stream's first. Without its clock the controller
// hears no request; a copy that is under way goes on (not modelled). Not modelled: burst split at 1 KB, locked bursts.
#pragma once

#include <algorithm>
#include <array>

#include "bus/matrix.h"
#include "soc/stm32/dma_copy.h"
#include "soc/stm32/dma_port_state.h"
#include "soc/stm32/dma_stream.h"
#include "soc/stm32/dma_timing.h"
#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Dma final : public Peripheral, public BusMaster {
public:
    explicit Dma(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    void settle() override { synchronise(); }
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;
    void advance_to(Tick until) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;

private:
    using Stream = dma::Stream;
    using Side = dma::Side;
    using Phase = dma::Phase;
    using Port = dma::Port;

    // ---- dma.cc ----
    void write_cr(unsigned index, uint32_t value);
    void start(unsigned index);
    void request(unsigned input, bool level);
    void note_request(unsigned index);
    bool line(unsigned index) const { return (lines_ >> (index * dma::channel_count + streams_[index].setup().channel) & 1) != 0; }
    void fail(unsigned index, Side side, const char* why);
    void note_gap(unsigned index, uint32_t address);
    void warn(unsigned index, const std::string& text);
    void warn_once(unsigned index, uint8_t finding, const std::string& text);
    void update_lines();
    void record_block(unsigned index);

    // ---- dma_ports.cc ----
    Port& port(Side side) { return ports_[static_cast<unsigned>(side)]; }
    void simulate(Tick until, Tick ends_until, bool may_touch_devices);
    bool begin_copy();
    void end_copy();
    void note_idle() { idle_until = std::min(ports_[0].next_at, ports_[1].next_at); }     // busy slaves may come free early
    Side next_side() const;
    void arbitrate(Side side, Tick at);
    int best_stream(Side side, dma::Burst& burst);
    bool begin(Side side, unsigned index, Tick at);
    void take(Side side);
    void finish(Side side);
    bool can_beat_ahead(Side side) const;
    bool is_awaited_end(Side side) const;
    void beat_ahead(Side side, uint32_t address);
    void move(unsigned index, Side side, dma::Burst burst);
    bool touch_device(unsigned index, Side side, dma::Burst burst);
    void try_stop(unsigned index, Tick at);
    const DmaTarget* resolve(unsigned index, Side side, uint32_t address) {     // null: not reached, the stream is off
        const dma::Place& place = streams_[index].places[static_cast<unsigned>(side)];
        return address >> dma::Place::shift == place.kilobyte ? &place.target : resolve_anew(index, side, address);
    }
    const DmaTarget* resolve_anew(unsigned index, Side side, uint32_t address);
    const char* unreachable(Side side, uint32_t address, const DmaTarget& target, bool is_read) const;
    Tick overhead_ticks(Side side, uint32_t address, const Slave& slave) const;
    Tick data_ticks(const Slave& slave, dma::Burst burst) const;
    Tick flash_ticks(const DmaTarget& target, dma::Burst burst, Tick at) const;
    Tick cycles(int64_t count) const { return count * matrix_->cycle_ticks; }
    Tick aligned(Tick at) const { return (at + matrix_->cycle_ticks - 1) / matrix_->cycle_ticks * matrix_->cycle_ticks; }

    // ---- dma_events.cc ----
    void synchronise();                 // up to now, then lines, activity, the next event
    void arm();
    Tick due(Side side);
    bool is_awaited(Side side) const;
    Tick earliest_flag(unsigned index) const;
    bool runs_lazily(unsigned index) const { return (lazy_ >> index & 1) != 0; }
    void begin_activity(unsigned index);
    void add_slaves(unsigned index, Side side);
    void end_activities();

    const dma::Timing timing_;
    DmaPort& bus_;
    Matrix* const matrix_;
    const bool is_second_;              // DMA2: its peripheral port is on the matrix
    const std::array<MasterId, 2> masters_;
    std::array<uint16_t, dma::stream_count> record_names_;
    std::array<Stream, dma::stream_count> streams_;
    std::array<Port, 2> ports_;         // by Side
    dma::WordCopy copy_;                // while it is active, the state of its stream and of the ports is there
    std::array<Line, dma::stream_count> irqs_;
    std::array<Line, dma::stream_count * dma::channel_count> last_items_;
    uint64_t lines_ = 0;                // levels of the request inputs
    uint8_t enabled_ = 0;               // streams that are, or were a moment ago
    uint8_t lazy_ = 0;                  // of these: they touch memories only
    uint8_t used_ = 0;                  // streams that were enabled since reset: the others have no flag
    uint8_t announced_ = 0;             // streams that are in active_slaves_
    std::array<uint8_t, dma::stream_count> warned_{};       // by kind of finding
    std::array<std::vector<Slave*>, dma::stream_count> active_slaves_;
    Tick simulated_ = 0;                // no transfer before it is left to make
    bool simulating_ = false;
    Event event_;
};

}  // namespace tinysim::stm32
