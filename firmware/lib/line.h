// Builds one console line "TS <tag> key=value ..." without printf and queues it whole or not at
// all. A line that does not fit LINE_BYTES is cut and ends in "...".
#pragma once

#include <stdint.h>

enum { LINE_BYTES = 120 };

typedef struct {
    char text[LINE_BYTES];
    uint32_t size;
} console_line;

void line_begin(console_line *self, const char *tag);
void line_text(console_line *self, const char *key, const char *value);
void line_unsigned(console_line *self, const char *key, uint32_t value);
void line_signed(console_line *self, const char *key, int32_t value);
void line_hex(console_line *self, const char *key, uint32_t value);
// value_hundredths 93 prints 0.93
void line_hundredths(console_line *self, const char *key, uint32_t value_hundredths);
void line_end(console_line *self);
