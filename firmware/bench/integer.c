/* Workload c: branchy integer code: quicksort, CRC-32 by bits and by table, a tokenizer with a switch (TBB). */
#include "bench.h"

enum { SORT_WORDS = 1024, TEXT_BYTES = 2048, BITWISE_BYTES = 512, CRC_POLYNOMIAL = 0xEDB88320 };

static uint32_t words[SORT_WORDS];
static uint32_t crc_table[256];
static uint8_t text[TEXT_BYTES];
static uint32_t token_count[8];

static const uint8_t alphabet[64] = "abcde  fgh12 34(5)+x-y*z/\"s\"  09 if(a)b;else c=10;\n\t while #rem\n";

static void sort(uint32_t *low, uint32_t *high)
{
    while (high - low > 8) {
        uint32_t pivot = low[(high - low) / 2];
        uint32_t *left = low, *right = high;
        while (left <= right) {
            while (*left < pivot) {
                left++;
            }
            while (*right > pivot) {
                right--;
            }
            if (left <= right) {
                uint32_t swapped = *left;
                *left++ = *right;
                *right-- = swapped;
            }
        }
        sort(low, right);
        low = left;
    }
    for (uint32_t *next = low + 1; next <= high; next++) {
        uint32_t value = *next;
        uint32_t *hole = next;
        for (; hole > low && hole[-1] > value; hole--) {
            *hole = hole[-1];
        }
        *hole = value;
    }
}

static uint32_t crc_of_byte(uint32_t crc)
{
    for (int32_t bit = 0; bit < 8; bit++) {
        crc = (crc & 1) ? (crc >> 1) ^ (uint32_t)CRC_POLYNOMIAL : crc >> 1;
    }
    return crc;
}

static uint32_t crc_bitwise(uint32_t crc, const uint8_t *bytes, uint32_t count)
{
    while (count-- > 0) {
        crc = crc_of_byte(crc ^ *bytes++);
    }
    return crc;
}

static uint32_t crc_by_table(uint32_t crc, const uint8_t *bytes, uint32_t count)
{
    while (count-- > 0) {
        crc = crc_table[(crc ^ *bytes++) & 0xFF] ^ (crc >> 8);
    }
    return crc;
}

static int is_letter(uint8_t c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static int is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* The kind of the token at `at`; returns the offset behind it. */
static uint32_t next_token(uint32_t at, uint32_t *kind)
{
    switch (text[at]) {
    case ' ':
    case '\t':
    case '\n':
        *kind = 0;
        return at + 1;
    case '"':
        *kind = 1;
        for (at++; at < TEXT_BYTES && text[at] != '"'; at++) {
        }
        return at + 1;
    case '#':
        *kind = 2;
        while (at < TEXT_BYTES && text[at] != '\n') {
            at++;
        }
        return at;
    case '+':
    case '-':
    case '*':
    case '/':
    case '=':
        *kind = 3;
        return at + 1;
    case '(':
        *kind = 4;
        return at + 1;
    case ')':
    case ';':
        *kind = 5;
        return at + 1;
    default:
        break;
    }
    *kind = is_digit(text[at]) ? 6 : 7;
    at++;
    while (at < TEXT_BYTES && (is_digit(text[at]) || (*kind == 7 && is_letter(text[at])))) {
        at++;
    }
    return at;
}

static void tokenize(void)
{
    for (uint32_t at = 0; at < TEXT_BYTES;) {
        uint32_t kind;
        at = next_token(at, &kind);
        token_count[kind]++;
    }
}

uint32_t bench_run(uint32_t iterations)
{
    uint32_t seed = 2463534242u, checksum = 2166136261u;
    for (uint32_t i = 0; i < 256; i++) {
        crc_table[i] = crc_of_byte(i);
    }
    for (uint32_t round = 0; round < iterations; round++) {
        for (uint32_t i = 0; i < SORT_WORDS; i++) {
            words[i] = next_random(&seed);
        }
        for (uint32_t i = 0; i < TEXT_BYTES; i++) {
            text[i] = alphabet[next_random(&seed) >> 26];
        }
        sort(words, words + SORT_WORDS - 1);
        checksum = crc_bitwise(checksum, (const uint8_t *)words, BITWISE_BYTES);
        checksum = crc_by_table(checksum, (const uint8_t *)words, sizeof words);
        tokenize();
        for (uint32_t kind = 0; kind < 8; kind++) {
            checksum = checksum_word(checksum, token_count[kind]);
        }
    }
    return checksum;
}
