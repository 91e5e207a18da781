// Stage marks: empty functions which tinysim observes by symbol. They cost a call and a return, do
// nothing on a chip, and are only needed where a stage is not a function of its own.
#pragma once

// TINYSIM_MARK(features) in one C file defines tinysim_mark_features_begin() and
// tinysim_mark_features_end().
#define TINYSIM_MARK(name)                                                                         \
    __attribute__((noinline, used)) void tinysim_mark_##name##_begin(void)                         \
    {                                                                                              \
        __asm volatile("" ::: "memory");                                                           \
    }                                                                                              \
    __attribute__((noinline, used)) void tinysim_mark_##name##_end(void)                           \
    {                                                                                              \
        __asm volatile("" ::: "memory");                                                           \
    }

// A stage that is a function of its own: kept under its name, never inlined, cloned or merged with
// another.
#define TINYSIM_STAGE __attribute__((noinline, noclone, used))
