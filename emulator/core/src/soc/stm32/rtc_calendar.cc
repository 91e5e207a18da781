#include "soc/stm32/rtc_calendar.h"

namespace tinysim::stm32 {

namespace {
struct Field {
    unsigned at;
    uint32_t mask;
};
constexpr Field second{0, 0x7F}, minute{8, 0x7F}, hour{16, 0x3F}, day{0, 0x3F}, month{8, 0x1F}, year{16, 0xFF}, weekday{13, 7};
constexpr uint32_t any_second = 1u << 7, any_minute = 1u << 15, any_hour = 1u << 23, any_day = 1u << 31, by_weekday = 1u << 30;

constexpr unsigned binary(uint32_t bcd) { return (bcd >> 4) * 10 + (bcd & 15); }
constexpr uint32_t bcd(unsigned number) { return number / 10 << 4 | number % 10; }
constexpr uint32_t get(uint32_t word, Field field) { return word >> field.at & field.mask; }
void put(uint32_t& word, Field field, uint32_t bits) { word = (word & ~(field.mask << field.at)) | bits << field.at; }

unsigned days_of(unsigned in_month, unsigned in_year) {
    static constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (in_month == 2 && in_year % 4 == 0) return 29;
    return in_month >= 1 && in_month <= 12 ? days[in_month - 1] : 31;
}

// Counts on; true when it begins anew.
bool advance(uint32_t& word, Field field, unsigned last, unsigned first = 0) {
    const unsigned number = binary(get(word, field));
    put(word, field, bcd(number >= last ? first : number + 1));
    return number >= last;
}
}  // namespace

void RtcCalendar::next_second() {
    if (advance(time, second, 59) && advance(time, minute, 59)) next_hour();
}

// By 12 the hours are 12, 1, ... 11, and the half of the day changes from 11 to 12.
void RtcCalendar::next_hour() {
    if (!counts_to_12) {
        if (advance(time, hour, 23)) next_day();
        return;
    }
    const bool was_eleven = binary(get(time, hour)) == 11;
    advance(time, hour, 12, 1);
    if (!was_eleven) return;
    time ^= pm;
    if ((time & pm) == 0) next_day();
}

void RtcCalendar::previous_hour() {
    const unsigned now = binary(get(time, hour));
    if (!counts_to_12) {
        if (now != 0) put(time, hour, bcd(now - 1));
        return;
    }
    if (now == 12 && (time & pm) == 0) return;
    if (now == 12) time ^= pm;
    put(time, hour, bcd(now == 1 ? 12 : now - 1));
}

void RtcCalendar::next_day() {
    put(date, weekday, get(date, weekday) >= 7 ? 1 : get(date, weekday) + 1);
    const unsigned last = days_of(binary(get(date, month)), binary(get(date, year)));
    if (advance(date, day, last, 1) && advance(date, month, 12, 1)) advance(date, year, 99);
}

bool RtcCalendar::matches(uint32_t alarm) const {
    if ((alarm & any_second) == 0 && get(alarm, second) != get(time, second)) return false;
    if ((alarm & any_minute) == 0 && get(alarm, minute) != get(time, minute)) return false;
    if ((alarm & any_hour) == 0 && ((alarm ^ time) & (pm | hour.mask << hour.at)) != 0) return false;
    if ((alarm & any_day) != 0) return true;
    const uint32_t wanted = alarm >> 24 & 0x3F;
    return (alarm & by_weekday) != 0 ? (wanted & 15) == get(date, weekday) : wanted == get(date, day);
}

}  // namespace tinysim::stm32
