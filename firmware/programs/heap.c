// malloc, realloc and free in a random pattern, each block checked when it is given back; qsort, bsearch, strings.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 64, ROUNDS = 3000, NUMBERS = 300 };

static uint32_t seed = 12345;

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

static struct { unsigned char *bytes; size_t size; unsigned char fill; } blocks[BLOCKS];

static int is_intact(int i)
{
    for (size_t k = 0; k < blocks[i].size; ++k) {
        if (blocks[i].bytes[k] != blocks[i].fill) {
            return 0;
        }
    }
    return 1;
}

static int by_value(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int numbers[NUMBERS];

int main(void)
{
    int damaged = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        const int i = (int)(next_random() % BLOCKS);
        damaged += !is_intact(i);
        blocks[i].size = next_random() % 700;
        blocks[i].bytes = realloc(blocks[i].bytes, blocks[i].size + 1);
        blocks[i].fill = (unsigned char)next_random();
        memset(blocks[i].bytes, blocks[i].fill, blocks[i].size);
    }
    for (int i = 0; i < BLOCKS; ++i) {
        damaged += !is_intact(i);
        free(blocks[i].bytes);
    }
    for (int i = 0; i < NUMBERS; ++i) {
        numbers[i] = (int)(next_random() % 1000);
    }
    qsort(numbers, NUMBERS, sizeof numbers[0], by_value);
    uint32_t sum = 0;
    int disorder = 0;
    for (int i = 0; i < NUMBERS; ++i) {
        sum = sum * 31 + (uint32_t)numbers[i];
        disorder += i > 0 && numbers[i - 1] > numbers[i];
    }
    const int *found = bsearch(&numbers[17], numbers, NUMBERS, sizeof numbers[0], by_value);
    char text[80];
    snprintf(text, sizeof text, "damaged %d disorder %d sum %08lx found %d", damaged, disorder, (unsigned long)sum, found != 0);
    puts(text);
    printf("%s %lu %s\n", strstr(text, "sum"), (unsigned long)strlen(text), strrchr(text, ' '));
    return damaged + disorder;
}
