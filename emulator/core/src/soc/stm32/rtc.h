// RTC of the STM32F4 (RM0090 26) and, as Timers.STM32L4_RTC, of the STM32L4 (RM0351 38): calendar, alarms, wake-up timer, time
// stamp, backup registers. rtc.cc: registers; rtc_count.cc: what counts; rtc_calendar.*. It runs on RTCCLK, which RCC_BDCR
// selects, through system resets, Stop and Standby; a reset of the backup domain clears it. Reference rcc.
// Inputs: 0 PWR's DBP, without which writes are lost; 1 the time stamp's pin. Outputs AlarmIRQ, WakeupIRQ, TimestampIRQ to EXTI
// lines; "Wake" to PWR: any of them.
// Assumed: shadow registers follow the calendar at once (RSF and their lock are as on the chip); a time stamp is taken at once.
// Not modelled (a gap when used): tamper detection, CALR, CALIBR and SHIFTR, the reference clock, the RTC_OUT pin.
#pragma once

#include "soc/stm32/peripheral.h"
#include "soc/stm32/rtc_calendar.h"

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
    enum Flag : unsigned { alarm_a_free, alarm_b_free, wakeup_free, synchronised, in_init, flags };   // what comes 2 RTCCLK later

    void start(Timed& timed, int64_t cycles, Tick from);
    void start(Timed& timed, int64_t cycles) { start(timed, cycles, scheduler_.now()); }
    void cancel(Timed& timed);
    bool is_under_way(const Timed& timed) const { return timed.event.is_scheduled() || timed.left_cycles != none; }
    int64_t cycles_left(const Timed& timed) const;
    template <class Act>
    void each_timed(Act act) {
        act(second_);
        act(wakeup_);
        for (Timed& each : subseconds_) act(each);
        for (Timed& each : delays_) act(each);
    }

    // rtc.cc
    void reset_backup();
    bool may_write(uint32_t offset);
    void write_cr(uint32_t written);
    void write_isr(uint32_t written);
    void write_unlock(uint32_t key);
    uint32_t read_time(uint32_t offset);
    uint32_t isr() const;
    void update_lines();
    void raise(uint32_t isr_flags);

    // rtc_count.cc
    int64_t step_cycles() const;        // of a sub-second
    int64_t second_cycles() const;
    uint32_t subsecond() const;
    void on_second(Tick late);
    void compare(unsigned alarm, bool at_second);
    void on_subsecond(unsigned alarm);
    int64_t wakeup_cycles(bool is_first) const;
    void on_stamp(bool level);
    void leave_init();

    const bool is_l4_;
    Timed second_, wakeup_, subseconds_[2], delays_[flags];
    RtcCalendar calendar_;
    Tick clock_ticks_ = 0;              // of RTCCLK; 0: it stands still
    uint32_t locked_time_[3] = {};      // TR, DR, SSR since the first of them was read
    bool is_locked_ = false, is_writable_ = true, warned_protection_ = false, warned_backup_ = false;
    uint8_t key_step_ = 0;              // of WPR's two keys; 2: open
    Line alarm_line_, wakeup_line_, stamp_line_, wake_line_;
};

class L4Rtc : public Rtc {
public:
    explicit L4Rtc(const Construction& construction) : Rtc(construction, true) {}
    void state(Archive& archive) override { Rtc::state(archive); }
};

}  // namespace tinysim::stm32
