// The four functions which GCC may call in freestanding code. Word-wise where both sides are
// aligned.
#include "lib/memory.h"

#include <stdint.h>

typedef uint32_t __attribute__((may_alias)) word;

void *memcpy(void *restrict target, const void *restrict source, size_t size)
{
    unsigned char *to = target;
    const unsigned char *from = source;
    if ((((uintptr_t)to | (uintptr_t)from) & 3u) == 0) {
        for (; size >= 4; size -= 4, to += 4, from += 4) {
            *(word *)(void *)to = *(const word *)(const void *)from;
        }
    }
    while (size--) {
        *to++ = *from++;
    }
    return target;
}

void *memmove(void *target, const void *source, size_t size)
{
    unsigned char *to = target;
    const unsigned char *from = source;
    if (to <= from || to >= from + size) {
        return memcpy(target, source, size);
    }
    while (size--) {
        to[size] = from[size];
    }
    return target;
}

void *memset(void *target, int value, size_t size)
{
    unsigned char *to = target;
    while (size--) {
        *to++ = (unsigned char)value;
    }
    return target;
}

int memcmp(const void *left, const void *right, size_t size)
{
    const unsigned char *a = left, *b = right;
    for (; size--; ++a, ++b) {
        if (*a != *b) {
            return *a - *b;
        }
    }
    return 0;
}
