// What the ADCs of all STM32 do alike: a regular group of channels that an injected one interrupts; each channel is sampled,
// held and converted in cycles of the ADC's clock (RM0090 13.3, RM0351 18.4). adc.h and adc_l4.h say what their registers ask
// for, adc_common.h lets several work together. The voltage is that of the end of the sampling time.
// Parameters: common, dac (references), number (1), dacChannel: the channel on the pin of the DAC's first output, that of the
// second follows; referenceMillivolts (VREF+, 3300); temperatureChannel, referenceChannel, batteryChannel: those inside the
// chip; recordConversions: each code is a level of the record, <name>.code, at the moment of its sampling.
// Inputs: 0..15 EXTSEL n, 16..31 JEXTSEL n, 32: the DMA's last item is next. Outputs: IRQ, DMARequest (a level).
// Assumed: a conversion under way ends on the clock that it began with; the latency behind a trigger is always the same.
// Not modelled: source impedance, noise, linearity. A channel to which nothing is attached reads 0 V and says so.
#pragma once

#include <array>

#include "soc/stm32/adc_request.h"
#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class AdcCommon;
struct AnalogOutputs;

class AdcBlock : public Peripheral {
public:
    enum class Group : uint8_t { regular, injected, none };
    static constexpr unsigned channels = 19;              // numbers above are reserved
    static constexpr int64_t eighths = 8;                 // of a cycle of the ADC's clock: durations are whole numbers of them

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;
    Sockets<AnalogSource>* analog_sockets() override { return &sockets_; }

    // For AdcCommon.
    void start(Group group, Tick at, Tick delay_ticks = 0);      // unless it is off, or at it
    void abort(Group group);
    void on_external(unsigned trigger, bool level);
    void lose();                                          // data of several ADCs was not taken in time
    Tick cycle_ticks() const;
    Tick sampling_ticks() const;                          // of the regular channel that is next
    virtual uint32_t status() const = 0;                  // as the common status register shows it
    virtual uint32_t regular_data() const = 0;
    virtual void data_taken() = 0;                        // through the common data register
    virtual bool is_on() const = 0;
    AdcRequest& request() { return request_; }

protected:
    struct Sequence {
        unsigned length, per_trigger;                     // per_trigger 0: all
        bool is_continuous;
    };
    struct Trigger {
        unsigned edges, number;                           // edges: 1 rising, 2 falling
    };
    struct Conversion {
        Group group;
        unsigned rank, channel;
        uint32_t code;                                    // aligned right
        bool ends_sequence;
    };
    enum class Accumulation : uint8_t { done, again, awaits_trigger };

    AdcBlock(const Construction& construction, RegisterTable table, Bridge bridge);

    virtual bool accepts(Group group) const = 0;          // a trigger now
    virtual Sequence sequence(Group group) const = 0;
    virtual unsigned channel_at(Group group, unsigned rank) const = 0;
    virtual Trigger trigger(Group group) const = 0;
    virtual bool injects_behind_regular() const = 0;
    virtual unsigned resolution_bits() const = 0;
    virtual int64_t sampling_eighths(unsigned channel) const = 0;
    virtual int64_t conversion_eighths() const = 0;
    virtual int64_t latency_eighths(Group group) const = 0;
    virtual bool is_differential(unsigned channel) const { return (void)channel, false; }
    virtual bool holds_regular() const { return false; }
    virtual void began(Group group) { (void)group; }
    virtual void sampled() {}
    virtual Accumulation accumulate(Group group, uint32_t& code) { return (void)group, (void)code, Accumulation::done; }
    virtual void converted(const Conversion& conversion) = 0;
    virtual void lost() = 0;

    void software_start(Group group);
    void abort_all();
    bool is_active(Group group) const { return turn(group).active; }
    void resume(Tick at);                                 // what waits, if nothing is converted
    Tick ticks(int64_t eighth_cycles) const { return cycle_ticks() * eighth_cycles / eighths; }
    void check_clock();

    const unsigned number_;                               // 1 to 3
    AdcCommon* const common_;
    AdcRequest request_;

private:
    struct Turn {
        bool active = false;
        uint8_t rank = 0, left = 0;                       // left until the next trigger
        void state(Archive& archive) { archive(active, rank, left); }
    };

    Turn& turn(Group group) { return turns_[static_cast<unsigned>(group)]; }
    const Turn& turn(Group group) const { return turns_[static_cast<unsigned>(group)]; }
    void convert(Group group, Tick at);
    void stop_conversion();
    void on_event(Tick late);
    void finish(Tick at);
    uint32_t measure(Tick at);
    int64_t microvolts(unsigned channel, Tick at);
    AnalogSource* source(unsigned channel);

    AnalogOutputs* const dac_;
    const unsigned dac_channel_;
    const int64_t reference_microvolts_, most_hz_;
    const unsigned temperature_channel_, reference_channel_, battery_channel_;
    const int64_t temperature_microvolts_, internal_reference_microvolts_, battery_microvolts_;
    const bool records_;
    const uint16_t level_;
    Sockets<AnalogSource> sockets_;
    Event event_;
    std::array<Turn, 2> turns_;
    Group busy_ = Group::none;
    bool sampling_ = false;
    uint8_t channel_ = 0;                                 // being converted
    uint32_t code_ = 0;
    Tick began_at_ = 0;
    uint32_t warned_channels_ = 0;
    bool warned_clock_ = false, warned_no_clock_ = false, warned_lost_ = false;
};

}  // namespace tinysim::stm32
