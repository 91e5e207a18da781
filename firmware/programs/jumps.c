// setjmp and longjmp out of deep calls, atexit in reverse order, an exit code that is not zero.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static jmp_buf back;

__attribute__((noinline)) static int dive(int depth, float carried)
{
    volatile int local = depth;
    if (depth < 0) {
        return 0;
    }
    if (depth == 0) {
        longjmp(back, 40 + (int)carried);
    }
    const int below = dive(depth - 1, carried + 0.25f);
    return below + local;
}

static void say_first(void) { puts("first registered, called last"); }
static void say_second(void) { puts("second registered, called first"); }

int main(void)
{
    atexit(say_first);
    atexit(say_second);
    for (volatile int round = 1; round <= 3; ++round) {
        const int value = setjmp(back);
        if (value == 0) {
            dive(4 * round, 0.0f);
            puts("never");
        }
        printf("round %d came back with %d\n", round, value);
    }
    exit(3);
}
