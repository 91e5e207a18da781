// stdio on semihosting: standard input, a file written, read back, sought in, appended to and removed.
#include <errno.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    FILE *file = fopen("notes.txt", "w");
    if (file == 0) {
        puts("cannot open");
        return 1;
    }
    for (int i = 0; i < 200; ++i) {
        fprintf(file, "line %d\n", i);
    }
    fclose(file);
    file = fopen("notes.txt", "a+");
    fputs("the end\n", file);
    fseek(file, 700, SEEK_SET);
    char line[32] = "";
    if (fgets(line, sizeof line, file) != 0) {
        printf("at 700: %s", line);
    }
    fseek(file, 0, SEEK_END);
    printf("%ld bytes\n", ftell(file));
    fclose(file);
    printf("removed: %d\n", remove("notes.txt"));
    printf("gone: %d\n", fopen("notes.txt", "r") == 0 && errno == ENOENT);
    return 0;
}
