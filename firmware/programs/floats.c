// printf and strtod with floats and doubles, rounding, and the maths library.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static volatile float one_third = 1.0f / 3.0f;
static volatile double tenth = 0.1;

int main(void)
{
    printf("%.9g %.17g\n", (double)one_third, tenth);
    printf("%e %G %10.3f|%-10.2f|%+.1f\n", 6.02214076e23, 1e-7, M_PI, M_E, 2.25);
    printf("%g %g %g %g\n", INFINITY, -INFINITY, (double)FLT_MIN / 4, DBL_MAX);
    printf("%.17g %.17g\n", strtod("2.2250738585072011e-308", 0), strtod("0x1.8p3", 0));
    for (int i = 0; i < 8; ++i) {
        const float x = (float)i * 0.7f - 2.0f;
        printf("%d %.8g %.8g %.8g %.8g\n", i, (double)sinf(x), (double)expf(x), (double)sqrtf(x * x + 1.0f),
               (double)(x / 3.0f));
    }
    double sum = 0;
    for (int i = 1; i <= 1000; ++i) {
        sum += 1.0 / ((double)i * i);
    }
    printf("%.15f %.15f\n", sum, atan2(1.0, -2.0));
    printf("%d %u %lld\n", (int)-2.75f, (unsigned)3e9f, (long long)-1e15);
    return 0;
}
