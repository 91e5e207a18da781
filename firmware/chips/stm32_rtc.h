// The RTC of STM32F4 and STM32L4 on LSI, in 24 hours: calendar, wake-up timer, backup registers. The backup domain must be
// open and RTCCLK chosen (stm32_power.h). Not used: alarms, time stamp, tamper, calibration.
#pragma once

#include <stdint.h>

enum { RTC_COUNTS_PER_SECOND = 32000 }; // LSI, undivided: SSR counts its cycles

// Both in BCD as TR and DR have them. Waits for initialisation mode; the calendar runs when it returns.
void rtc_set(uint32_t time, uint32_t date);
uint32_t rtc_time(void);
uint32_t rtc_date(void);
// Counts since midnight, from a calendar that is in step again (after Stop).
uint32_t rtc_counts(void);
// Wakes once or again and again each `periods` of 16 cycles of LSI, by EXTI; rtc_wake_stop() clears it.
void rtc_wake_each(uint32_t periods);
void rtc_wake_stop(void);
void rtc_backup_write(uint32_t number, uint32_t value);
uint32_t rtc_backup_read(uint32_t number);
