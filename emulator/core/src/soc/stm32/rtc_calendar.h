// A calendar of the years 2000 to 2099 as the STM32's RTC keeps it: TR and DR in BCD. RM0090 26.6.1 and 26.6.2.
#pragma once

#include <cstdint>

#include "tinysim/archive.h"

namespace tinysim::stm32 {

struct RtcCalendar {
    static constexpr uint32_t pm = 1u << 22, first_day = 0x2101;        // DR: 1 January 2000, and Monday, which it was not

    uint32_t time = 0, date = first_day;
    bool counts_to_12 = false;

    void state(Archive& archive) { archive(time, date, counts_to_12); }
    void next_second();
    void next_hour();
    void previous_hour();               // from 0 o'clock: nothing
    // An alarm register's fields, where its mask bits do not say "any".
    bool matches(uint32_t alarm) const;
    bool has_year() const { return (date >> 16 & 0xFF) != 0; }

private:
    void next_day();
};

}  // namespace tinysim::stm32
