// DFSDM of the STM32L4 (RM0351 24) and, with the parameter pulseSkipper, of the L4+ (RM0432 28: CHyDLYR). dfsdm.cc: registers,
// flags, requests; dfsdm_conversions.cc: what the channels hear and when a conversion ends; dfsdm_detectors.cc: watchdogs, extremes,
// short circuits, absent clocks. Outputs: "0".."3", the filters' interrupts; DmaFilter0..3 and Break0..3 (levels; a break is held as
// long as a flag that it is assigned to). Input n: trigger JEXTSEL = n. Sockets: n is a microphone on DATINn whose data is valid at
// CKOUT's rising edge, 8 + n one at its falling edge; nothing there reads as zeroes. A channel takes CKOUT's bits or CHDATINR.
// Parameter audioClockSelection: the field of RCC that picks the clock of CKOUTSRC = 1.
// Assumed: bits are counted on CKOUT's edges since DFSDMEN; results are cut to 24 bits; conversions under way begin anew when
// the clock changes; an injected conversion stops a regular one, which begins anew behind it (RPEND).
// A threshold is met when data reaches it; WDATR saturates; a short circuit is told once for each run of equal bits; CKABIE is
// for the channels with CKABEN.
// Not modelled (a gap when switched on): Manchester coding, CKIN, half-rate SPICKSEL, data from the ADC, pulse skipping, detectors
// on CHDATINR but for the watchdog of results (AWFSEL = 0).
#pragma once

#include <array>

#include "soc/stm32/bit_log.h"
#include "soc/stm32/dfsdm_registers.h"
#include "soc/stm32/sample_counts.h"
#include "soc/stm32/sinc_filter.h"

namespace tinysim::stm32 {

class Dfsdm : public Peripheral {
public:
    explicit Dfsdm(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;
    Sockets<PdmSource>* pdm_sockets() override { return &microphones_; }

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override { start_clock(); }

private:
    struct Filter {
        Filter(Dfsdm& owner, unsigned number);
        void state(Archive& archive) {
            archive(event, irq, request, sinc, flags, next_bit, began, waiting_injected, scanning, channel, is_injected, converts,
                    asked_regular, pending);
        }

        SampleCounts counts;            // of regular conversions
        Event event;
        Line irq, request;
        SincFilter sinc;
        uint32_t flags = 0;             // of ISR
        int64_t next_bit = 0;           // of CKOUT, which the filter takes next
        Tick began = 0;                 // the conversion under way, for CNVTIMR
        uint8_t waiting_injected = 0;   // channels of the group that are to be converted yet
        uint8_t scanning = 0;           // and, without JSCAN, that of the next trigger
        uint8_t channel = 0;            // being converted
        bool is_injected = false, converts = false, asked_regular = false, pending = false;
    };

    // A channel's detectors, which listen to the wire on their own.
    struct Channel {
        Channel(Dfsdm& owner, unsigned number);
        void state(Archive& archive) { archive(watchdog_event, short_event, first_bit, counted_bit, equal_bits, last_bit); }

        Event watchdog_event, short_event;
        int64_t first_bit = 0;          // since the channel is enabled
        int64_t counted_bit = 0;        // which the short-circuit detector takes next
        uint32_t equal_bits = 0;        // in a row up to there
        bool last_bit = false;
    };

    // ---- dfsdm.cc ----
    uint32_t& filter_word(unsigned filter, uint32_t offset);
    bool has(unsigned filter, uint32_t bits) { return (filter_word(filter, dfsdm::CR1) & bits) != 0; }
    uint32_t configuration(unsigned channel) { return value(channel * dfsdm::channel_step); }
    uint32_t read_filter(unsigned filter, uint32_t offset);
    void write_channel(unsigned channel, uint32_t offset, uint32_t written);
    void write_control(unsigned filter, uint32_t written);
    void write_filter(unsigned filter, uint32_t offset, uint32_t written);
    void on_trigger(unsigned number, bool level);
    void update_lines(unsigned filter);

    // ---- dfsdm_conversions.cc ----
    Tick bit_ticks();
    bool hears_wire(unsigned channel);
    int64_t next_bit(Tick at) const;
    void start_clock();
    void ask_regular(unsigned filter);
    void ask_injected(unsigned filter);
    void check_clock(const Filter& filter);
    void next_conversion(unsigned filter, Tick at);
    void begin(unsigned filter, unsigned channel, Tick at);
    void schedule(unsigned filter, unsigned samples);
    void restart(unsigned filter);
    void on_converted(unsigned filter, Tick late);
    unsigned place_of(unsigned channel);
    uint64_t bits(unsigned channel, int64_t from_bit, unsigned count);
    int64_t slowest_listener(unsigned place);
    void listen(Filter& filter, int64_t until_bit);
    void parallel_data(unsigned channel, uint32_t written);
    void push_parallel(unsigned channel, int16_t sample);
    void finish(unsigned filter, Tick at);
    int32_t result(const Filter& filter);
    uint32_t conversion_time(unsigned filter, Tick at);

    // ---- dfsdm_detectors.cc ----
    bool hears_clock(unsigned channel);
    bool is_watched(unsigned channel);
    bool watches(unsigned filter, unsigned channel, bool wire);
    void follow_channel(unsigned channel, uint32_t before);
    void follow_channels();
    void restart_channels();
    uint32_t read_watchdog(unsigned channel);
    SincFilter watchdog_filter(unsigned channel);
    int64_t watchdog_bit(unsigned channel, int64_t until_bit);
    int32_t watchdog_value(unsigned channel, int64_t at_bit);
    void on_watchdog(unsigned channel, Tick late);
    void on_short(unsigned channel, Tick late);
    void watch(unsigned filter, unsigned channel, int32_t value, int32_t high, int32_t low);
    void watch_result(unsigned filter, unsigned channel, int32_t value);
    uint32_t absent_clocks();
    uint32_t guarded_clocks();
    void update_breaks();

    const uint32_t audio_selection_;
    Sockets<PdmSource> microphones_;
    std::array<Filter, dfsdm::filters> filters_;
    std::array<Channel, dfsdm::channels> channels_;
    std::array<BitLog, 2 * dfsdm::channels> logs_;      // by place of the microphone
    std::array<Line, 4> breaks_;
    Tick origin_ = 0;                   // of CKOUT's bit 0
    Tick period_ = 0;                   // of CKOUT; 0: it stands still
    uint32_t triggers_ = 0;             // levels of the inputs
    bool warned_clock_ = false, warned_order_ = false, warned_lost_ = false, warned_range_ = false, warned_absence_ = false;
};

}  // namespace tinysim::stm32
