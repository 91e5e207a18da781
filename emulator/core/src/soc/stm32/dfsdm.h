// DFSDM of the STM32L4 (RM0351 24) and, with the parameter pulseSkipper, of the L4+ (RM0432 28: CHyDLYR). dfsdm.cc: registers,
// flags, requests; dfsdm_conversions.cc: what the channels hear and when a conversion ends. Outputs: "0".."3", the filters'
// interrupts; DmaFilter0..3 (levels). Input n: trigger JEXTSEL = n. Sockets: n is a microphone on DATINn whose data is valid at
// CKOUT's rising edge, 8 + n one at its falling edge; nothing there reads as zeroes. A channel takes CKOUT's bits or CHDATINR.
// Parameter audioClockSelection: the field of RCC that picks the clock of CKOUTSRC = 1.
// Assumed: bits are counted on CKOUT's edges since DFSDMEN; results are cut to 24 bits; conversions under way begin anew when
// the clock changes; an injected conversion stops a regular one, which begins anew behind it (RPEND).
// Not modelled (a gap when switched on): Manchester coding, CKIN, half-rate SPICKSEL, data from the ADC, analog watchdog, extremes,
// short-circuit and clock-absence detectors, pulse skipping; CNVTIMR reads 0.
#pragma once

#include <array>

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
            archive(event, irq, request, sinc, flags, next_bit, waiting_injected, scanning, channel, is_injected, converts, asked_regular,
                    pending);
        }

        SampleCounts counts;            // of regular conversions
        Event event;
        Line irq, request;
        SincFilter sinc;
        uint32_t flags = 0;             // of ISR
        int64_t next_bit = 0;           // of CKOUT, which the filter takes next
        uint8_t waiting_injected = 0;   // channels of the group that are to be converted yet
        uint8_t scanning = 0;           // and, without JSCAN, that of the next trigger
        uint8_t channel = 0;            // being converted
        bool is_injected = false, converts = false, asked_regular = false, pending = false;
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
    void start_clock();
    void ask_regular(unsigned filter);
    void ask_injected(unsigned filter);
    void check_clock(const Filter& filter);
    void next_conversion(unsigned filter, Tick at);
    void begin(unsigned filter, unsigned channel, Tick at);
    void schedule(unsigned filter, unsigned samples);
    void restart(unsigned filter);
    void on_converted(unsigned filter, Tick late);
    void listen(Filter& filter, int64_t until_bit);
    void parallel_data(unsigned channel, uint32_t written);
    void push_parallel(unsigned channel, int16_t sample);
    void finish(unsigned filter, Tick at);
    uint32_t result(const Filter& filter);

    const uint32_t audio_selection_;
    Sockets<PdmSource> microphones_;
    std::array<Filter, dfsdm::filters> filters_;
    Tick origin_ = 0;                   // of CKOUT's bit 0
    Tick period_ = 0;                   // of CKOUT; 0: it stands still
    uint32_t triggers_ = 0;             // levels of the inputs
    bool warned_clock_ = false, warned_order_ = false, warned_lost_ = false, warned_range_ = false;
};

}  // namespace tinysim::stm32
