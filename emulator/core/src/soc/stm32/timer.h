// Timers TIM1 to TIM17 of the STM32F4 (RM0090 17 to 20) and L4 (RM0351 30 to 33): basic, general and advanced ones.
// timer.cc registers; timer_base.cc counting and updates; timer_compare.cc OCxREF; timer_outputs.cc pins, dead time, break;
// timer_capture.cc inputs and capture; timer_slave.cc triggers, encoder, external clocks; timer_requests.cc interrupts, DMA.
// Counts lazily: only moments that change a flag, or a line with a sink, are events. Cc<n>, Dma* pulse; Ch<n>, Ch<n>N are levels.
// timer_remap.cc: inputs that are clocks.
// Parameters: initialLimit (0xFFFF, 0xFFFFFFFF), channels (0, 1, 2, 4), complements (0, 1, 3: with BDTR and RCR), extended (L4),
// remapChannel, remapPosition, remapBits, remapSources: where OR chooses a channel's input (timer_registers.h).
// Outputs: IRQ (all), Break-, Update-, Trigger-, Commutation-, CaptureCompareInterrupt; Ch1..Ch4, Ch1N..Ch3N, Cc1..Cc4, Trgo,
// Trgo2, DmaUpdate, DmaCc1..DmaCc4, DmaTrigger, DmaCommutation. Inputs: 0..3 ITR, 16..19 TI1..TI4, 20 ETR, 21 break, 22 break of the DFSDM.
// Approximated: input filters and the two to three clocks of resynchronisation take no time; a DMA request that is not served
// before the next is one; an undriven pin is low; idle levels come without dead time. Not modelled (a gap when switched on):
// other remaps in OR, OCxCE, retriggerable one pulse, GC5Cx, BK2, TRGO2 by edges of two references; MSM's delay; freeze by DBGMCU.
#pragma once

#include <array>

#include "soc/stm32/timer_count.h"
#include "soc/stm32/timer_registers.h"

namespace tinysim::stm32 {

struct TimerChannel {
    uint32_t compare = 0;                 // acts: CCRx, its value at the last update where it is preloaded
    bool reference = false;               // OCxREF
    bool carried = false;                 // what goes to the output stage: OCxREF, combined with its neighbour's or not
    uint8_t edges = 0;                    // since the last capture, for the capture prescaler
    Tick dead_until = never;              // dead time runs; never: it does not
    Line pin, complement, moment, dma;
    void state(Archive& archive);
};

class Timer : public Peripheral {
public:
    explicit Timer(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override;

private:
    using OutputMode = tim::OutputMode;
    using SlaveMode = tim::SlaveMode;
    enum class Cause : uint8_t { counter, software, trigger };      // of an update
    static constexpr unsigned etr_input = 20, break_input = 21, dfsdm_input = 22, first_ti = 16, trigger_inputs = 4;

    // ---- timer.cc ----
    uint32_t read_capture(unsigned channel);
    void write_control(uint32_t offset, uint32_t written);
    void write_count(uint32_t offset, uint32_t written);
    void write_compare(unsigned channel, uint32_t written);
    void write_modes(uint32_t offset, uint32_t written);
    void write_bdtr(uint32_t written);
    void write_events(uint32_t written);
    uint32_t locked_bits(uint32_t offset) const;
    bool has_unmodelled(uint32_t offset) const;

    // ---- timer_base.cc ----
    bool is_enabled() const;              // CEN, and the gate in gated mode
    void catch_up(Tick at);               // events of ours that are due by then happen first
    void restart(Tick at);                // after count_.move_to(at): source and speed of counting, then arm
    void arm();
    bool update_matters() const;
    int64_t steps_to_event() const;
    void on_event(Tick late);
    bool repeats() const;
    void repeat();
    void count_one();
    void update(Cause cause);
    void load_preloads();

    // ---- timer_compare.cc ----
    bool is_output(unsigned channel) const;
    OutputMode mode(unsigned channel) const;
    bool has_preload(unsigned channel) const;
    uint32_t prepared(unsigned channel) const { return value(tim::compare_register(channel)) & shape_.limit; }
    bool is_seen(unsigned channel) const;
    bool tells_moment(unsigned channel) const;
    TimerCount::Ways flag_ways() const;
    int64_t steps_to_match(unsigned channel) const;
    void on_arrival(bool by_wrap);        // the counter has a new value
    void match(unsigned channel);
    void tell_moment(unsigned channel);
    void refresh();                       // references that follow the counter, then the output stage
    bool pwm_level(unsigned channel) const;
    bool carried_level(unsigned channel) const;

    // ---- timer_outputs.cc ----
    bool drives(unsigned channel) const;
    Tick dead_ticks() const;
    void drive();
    void set_pins(unsigned channel);
    void on_dead_end(Tick late);
    void arm_dead_end();
    void commutate();                     // CCMR and CCER act
    void commutation();                   // the event: COMIF, DMA
    void on_break();
    bool break_is_active() const;
    void set_trgo();
    void set_trgo(Line& line, uint32_t selection);
    bool follows_reference(const Line& line, uint32_t selection, unsigned channel) const;
    uint32_t trgo_selection() const { return value(tim::CR2) >> 4 & 7; }
    uint32_t trgo2_selection() const { return value(tim::CR2) >> 20 & 15; }
    void pulse_trgo(uint32_t selection);  // both outputs, where they have it selected

    // ---- timer_capture.cc ----
    void on_input(unsigned number, bool level);
    void on_ti(unsigned index, bool level);
    void on_channel_edge(unsigned channel, unsigned source, bool rising);
    bool takes_edge(unsigned channel, bool rising) const;
    unsigned selection(unsigned channel) const;
    void capture(unsigned channel);
    bool ti_level(unsigned index) const { return (fed_ >> index & 1) != 0; }

    // ---- timer_remap.cc ----
    bool is_remapped(unsigned index) const { return index + 1 == remap_.channel && remap_.source(value(tim::OR1)) != tim::Remap::pin; }
    Tick signal_ticks() const;            // half a period of the clock that is fed to the channel; 0: none
    void follow_signal();
    void on_signal(Tick late);

    // ---- timer_slave.cc ----
    SlaveMode slave_mode() const;
    bool is_encoder() const;
    bool counts_pulses() const;
    unsigned trigger_source() const { return value(tim::SMCR) >> 4 & 7; }
    void on_internal_trigger(unsigned number, bool level);
    void on_ti_trigger(unsigned index, bool rising);
    void on_etr(bool level);
    void on_trigger(bool level);
    bool trigger_level() const;
    void pulse_trigger();
    void count_pulse();
    void count_encoder(unsigned index, bool rising);

    // ---- timer_requests.cc ----
    void raise(uint32_t flags) { value(tim::SR) |= flags; }
    void update_irqs();
    void request(uint32_t enable, Line& line);
    Line& request_line(uint32_t enable);
    uint32_t access_burst(bool is_write, uint32_t written);

    const tim::Shape shape_;
    const tim::Remap remap_;
    ClockedCount count_;
    Event event_, dead_event_, signal_event_;
    std::array<TimerChannel, tim::most_channels> channels_;
    Line trgo_, trgo2_, dma_update_, dma_trigger_, dma_commutation_;
    Line break_irq_, update_irq_, trigger_irq_, commutation_irq_, compare_irq_;
    Tick at_ = 0;                         // when what is being handled happens
    uint32_t prescaler_ = 0;              // acts: PSC at the last update
    uint32_t repetition_ = 0;             // wraps left before an update
    uint32_t modes_[2] = {}, enables_ = 0;      // act: CCMR1, CCMR2, CCER at the last commutation where CCPC is set
    uint32_t inputs_ = 0;                 // levels, bit n is input n
    uint8_t fed_ = 0;                     // TI1 to TI4, after the XOR
    uint8_t etr_edges_ = 0;               // for ETPS
    bool trigger_ = false;                // TRGI
    bool break_wired_ = false;            // the pin
    uint8_t lock_ = 0;                    // BDTR.LOCK counts once after reset
    uint8_t burst_index_ = 0;
    uint32_t burst_enable_ = 0;           // DIER bit of the request that a burst answers
    bool repeats_ = false;                // nothing has changed since an update that left all as it was
};

}  // namespace tinysim::stm32
