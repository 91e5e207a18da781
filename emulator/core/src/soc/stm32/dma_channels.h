// DMA1 and DMA2 of the STM32L4: seven channels, one AHB port, no FIFO (RM0351 11; L4+ behind a DMAMUX, RM0432 11).
// dma_channels.cc: registers, requests, interrupts; dma_channels_port.cc: the port, access by access, and when to look again.
// An item is arbitrated by PL, then channel number; read, then written; each access is a timed transfer of the bus matrix
// (AN2548). Memory-to-memory channels run without events, as in dma.h. Input (c-1)*8+v: request of CSELR value v at channel c;
// with the parameter selector: false (behind a DMAMUX) the request is (c-1)*8. Output LastItem<input>: a pulse when one item is left;
// Served<c-1>: behind each item, for a DMAMUX.
// Without its clock it hears no request; a copy that is under way goes on (not modelled).
// Assumed: of items of different sizes the low bytes are kept and zeroes added. Not modelled: a byte or halfword written to
// an AHB device that repeats it over the word.
#pragma once

#include <algorithm>
#include <array>

#include "bus/matrix.h"
#include "soc/stm32/dma_channel.h"

namespace tinysim::stm32 {

class ChannelDma final : public Peripheral, public BusMaster {
public:
    explicit ChannelDma(const Construction& construction);

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
    enum class Phase : uint8_t { idle, waiting, moving };
    static constexpr unsigned channels = dma_channel::count, selections = 8;

    // ---- dma_channels.cc ----
    uint32_t flags() const;
    void write_channel(unsigned index, uint32_t which, uint32_t value);
    void start(unsigned index);
    void request(unsigned input, bool level);
    unsigned selection(unsigned index) const;
    bool line(unsigned index) const { return (lines_ >> (index * selections + selection(index)) & 1) != 0; }
    void fail(unsigned index, bool memory_side, uint32_t address, const char* why);
    void note_gap(unsigned index);
    void warn(unsigned index, const std::string& text);
    void warn_once(unsigned index, uint8_t finding, const std::string& text);
    void update_lines();
    void record_block(unsigned index, Tick at);

    // ---- dma_channels_port.cc ----
    void simulate(Tick until, Tick ends_until, bool may_touch_devices);
    void arbitrate(Tick at);
    int best_channel() const;
    bool begin_access(bool is_write, Tick at);      // false: the address is not reached, the channel is off
    void take();
    void move();
    void finish();
    bool touch_device();
    void finish_item(Tick at);
    bool can_beat_ahead() const;
    bool is_awaited_end() const;
    const DmaTarget* resolve(unsigned index, bool is_memory_side, uint32_t address, bool is_write);
    Tick data_ticks(const Slave& slave) const;
    Tick cycles(int64_t count) const { return count * matrix_->cycle_ticks; }
    Tick aligned(Tick at) const { return (at + matrix_->cycle_ticks - 1) / matrix_->cycle_ticks * matrix_->cycle_ticks; }
    Tick ready_at() const { return phase_ == Phase::waiting ? std::max(next_at_, slave_->busy_until) : next_at_; }
    bool is_memory_side() const { return writes_ != all_[current_].from_memory(); }
    uint32_t address() const;
    void synchronise();                             // up to now, then lines, activity, the next event
    void arm();
    Tick due() const;
    Tick earliest_flag(unsigned index) const;
    bool is_lazy(unsigned index) const { return (lazy_ >> index & 1) != 0; }
    void begin_activity(unsigned index);
    void add_slaves(unsigned index, uint32_t first, uint32_t bytes);
    void end_activities();
    void find_again();                              // what a snapshot does not hold

    const dma_channel::Timing timing_;
    DmaPort& bus_;
    Matrix* const matrix_;
    const bool has_selector_;
    const MasterId master_;
    std::array<uint16_t, channels> record_names_;
    std::array<dma_channel::Channel, channels> all_;
    std::array<Line, channels> irqs_;
    std::array<Line, channels * selections> last_items_;
    std::array<Line, channels> served_;
    uint64_t lines_ = 0;                            // levels of the request inputs
    uint8_t lazy_ = 0;                              // channels that touch memories only
    std::array<uint8_t, channels> warned_{};

    // The port: what it does, for which channel.
    Phase phase_ = Phase::idle;
    bool writes_ = false, is_device_ = false;
    uint8_t current_ = 0;
    uint32_t item_ = 0;                             // read and not yet written
    Tick free_at_ = 0;                              // end of its last item
    Tick next_at_ = never;                          // waiting: wants its slave; moving: ends
    Tick data_ticks_ = 0;
    Slave* slave_ = nullptr;
    bool simulating_ = false;
    std::array<std::vector<Slave*>, channels> active_slaves_;
    Event event_;
};

}  // namespace tinysim::stm32
