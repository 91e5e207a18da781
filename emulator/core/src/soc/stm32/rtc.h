// RTC of the STM32F4 (RM0090 26) and, as Timers.STM32L4_RTC, of the STM32L4 (RM0351 38): calendar, alarms, wake-up timer, time
// stamp, tamper detection, calibrations, shift, backup registers. rtc.cc: registers; rtc_count.cc: what counts; rtc_calibration.*,
// rtc_tamper.cc, rtc_calendar.*. It runs on RTCCLK, which RCC_BDCR selects, through system resets, Stop and Standby; a reset of the
// backup domain clears it. Reference rcc.
// Inputs: 0 PWR's DBP, without which writes are lost; 1 the pin of RTC_TS and RTC_TAMP1 (F4: RTC_AF1); 2 that of RTC_TAMP2 (F4:
// RTC_AF2); 3 that of RTC_TAMP3. Outputs AlarmIRQ, WakeupIRQ, TimestampIRQ (tamper as well) to EXTI lines; "Wake" to PWR: any of
// them; "Out": RTC_OUT.
// Assumed: shadow registers follow the calendar at once (RSF and their lock are as on the chip); a time stamp is taken and a tamper
// detected at once, a level's samples begin as TAMPCR is written; a shift comes with the next step of the sub-seconds.
// Not modelled: the reference clock (a gap when used), ITSE, tamper events as triggers of other blocks.
#pragma once

#include "soc/stm32/peripheral.h"
#include "soc/stm32/rtc_calendar.h"
#include "soc/stm32/rtc_calibration.h"

namespace tinysim::stm32 {

class Rtc : public Peripheral {
public:
    explicit Rtc(const Construction& construction) : Rtc(construction, false) {}

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    Rtc(const Construction& construction, bool is_l4);

    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override;

private:
    // An event in cycles of RTCCLK, which waits while that stands still.
    struct Timed {
        Event event;
        int64_t left_cycles = none;     // while it waits
        void state(Archive& archive) { archive(event, left_cycles); }
    };
    static constexpr int64_t none = -1;
    enum Flag : unsigned { alarm_a_free, alarm_b_free, wakeup_free, synchronised, in_init, recalibrated, shifted, flags };  // later
    static constexpr int64_t delay_cycles = 2;      // of most of them
    static constexpr unsigned pins = 3, coarse_seconds = 64 * 60;

    void start(Timed& timed, int64_t cycles, Tick from);
    void start(Timed& timed, int64_t cycles) { start(timed, cycles, scheduler_.now()); }
    void cancel(Timed& timed);
    bool is_under_way(const Timed& timed) const { return timed.event.is_scheduled() || timed.left_cycles != none; }
    int64_t cycles_left(const Timed& timed) const;
    template <class Act>
    void each_timed(Act act) {
        act(second_);
        act(wakeup_);
        act(sample_);
        act(output_edge_);
        for (Timed& each : subseconds_) act(each);
        for (Timed& each : delays_) act(each);
    }

    // rtc.cc
    void reset_backup();
    void erase_backup();
    bool may_write(uint32_t offset);
    void write_cr(uint32_t written);
    void write_isr(uint32_t written);
    void write_unlock(uint32_t key);
    uint32_t read_time(uint32_t offset);
    uint32_t isr() const;
    void update_lines();
    void raise(uint32_t isr_flags);

    // rtc_count.cc; pulses are RTCCLK as CALR makes it
    int64_t step_pulses() const;        // of a sub-second
    int64_t second_pulses() const;
    int64_t pulses_left() const;        // of this second
    int64_t cycles_of_last(int64_t pulses) const;
    uint32_t subsecond() const;
    void start_at_subsecond(Timed& timed, uint32_t count);
    void start_before_end(Timed& timed, int64_t pulses);
    void begin_second(int64_t after_cycles, Tick from);
    void on_second(Tick late);
    void next_second();
    void leave_init();
    void resynchronise();               // RSF comes again, unless a shift is pending
    void compare_both(bool at_second);
    void compare(unsigned alarm, bool at_second);
    void on_subsecond(unsigned alarm);
    int64_t wakeup_counts() const;
    void start_wakeup(Tick from);
    void stop_wakeup();
    void on_stamp(bool level);
    void take_stamp();

    // rtc_calibration.cc
    void write_calr(uint32_t written);
    void set_calibration();
    void recalibrate();
    void postpone_second(int64_t cycles);
    void write_shiftr(uint32_t written);
    void shift();
    int64_t coarse_steps() const;
    void follow_output();
    void show_alarm();

    // rtc_tamper.cc
    void on_pin(unsigned pin, bool level);
    bool is_enabled(unsigned tamper) const;
    bool is_at_trigger(unsigned tamper) const;
    void look_for_edges();
    void write_tamper(uint32_t written);
    void on_sample(Tick late);
    void detect(unsigned tamper);
    bool holds_backup() const;
    bool tamper_interrupts() const;

    const bool is_l4_;
    Timed second_, wakeup_, sample_, output_edge_, subseconds_[2], delays_[flags];
    RtcCalendar calendar_;
    RtcCalibration calibration_;
    int64_t end_pulse_ = 0;             // of this second, in the calibration's window
    int64_t wakeup_seconds_ = 0;        // until the wake-up timer ends; 0: it counts none
    uint32_t highest_subsecond_ = 0, alarm_subseconds_[2] = {}, shift_ = 0, coarse_second_ = 0;
    uint8_t pins_ = 0, wired_pins_ = 0, active_ = 0, samples_[pins] = {};
    Tick clock_ticks_ = 0;              // of RTCCLK; 0: it stands still
    uint32_t locked_time_[3] = {};      // TR, DR, SSR since the first of them was read
    bool is_locked_ = false, is_writable_ = true, warned_protection_ = false, warned_backup_ = false, warned_calibration_ = false,
         warned_shift_ = false, warned_tampered_ = false;
    uint8_t key_step_ = 0;              // of WPR's two keys; 2: open
    Line alarm_line_, wakeup_line_, stamp_line_, wake_line_, output_line_;
};

class L4Rtc : public Rtc {
public:
    explicit L4Rtc(const Construction& construction) : Rtc(construction, true) {}
    void state(Archive& archive) override { Rtc::state(archive); }
};

}  // namespace tinysim::stm32
