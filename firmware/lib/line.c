#include "lib/line.h"

#include "boards/board.h"

static void put(console_line *self, const char *text)
{
    while (*text) {
        if (self->size < LINE_BYTES - 2) { // room for CR LF
            self->text[self->size++] = *text++;
        } else {
            for (uint32_t i = self->size - 3; i < self->size; ++i) {
                self->text[i] = '.';
            }
            return;
        }
    }
}

static void put_key(console_line *self, const char *key)
{
    put(self, " ");
    put(self, key);
    put(self, "=");
}

static void put_number(console_line *self, uint32_t value, uint32_t base, uint32_t digits_minimum)
{
    char reversed[11];
    uint32_t digits = 0;
    do {
        reversed[digits++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value || digits < digits_minimum);
    char text[11];
    for (uint32_t i = 0; i < digits; ++i) {
        text[i] = reversed[digits - 1 - i];
    }
    text[digits] = 0;
    put(self, text);
}

void line_begin(console_line *self, const char *tag)
{
    self->size = 0;
    put(self, "TS ");
    put(self, tag);
}

void line_text(console_line *self, const char *key, const char *value)
{
    put_key(self, key);
    put(self, value);
}

void line_unsigned(console_line *self, const char *key, uint32_t value)
{
    put_key(self, key);
    put_number(self, value, 10, 1);
}

void line_signed(console_line *self, const char *key, int32_t value)
{
    put_key(self, key);
    if (value < 0) {
        put(self, "-");
    }
    put_number(self, value < 0 ? 0u - (uint32_t)value : (uint32_t)value, 10, 1);
}

void line_hex(console_line *self, const char *key, uint32_t value)
{
    put_key(self, key);
    put(self, "0x");
    put_number(self, value, 16, 8);
}

void line_hundredths(console_line *self, const char *key, uint32_t value_hundredths)
{
    put_key(self, key);
    put_number(self, value_hundredths / 100, 10, 1);
    put(self, ".");
    put_number(self, value_hundredths % 100, 10, 2);
}

void line_end(console_line *self)
{
    self->text[self->size++] = '\r';
    self->text[self->size++] = '\n';
    board_console_write(self->text, self->size);
}
