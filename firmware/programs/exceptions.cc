// C++ exceptions: thrown through frames with destructors, by type, rethrown, from a constructor; static objects.
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

struct Guard {
    const char* name;
    explicit Guard(const char* n) : name(n) { std::printf("enter %s\n", name); }
    ~Guard() { std::printf("leave %s\n", name); }
};

Guard first("first static");
Guard second("second static");

struct Fragile {
    Guard part{"part"};
    explicit Fragile(int value) {
        if (value > 2) throw std::out_of_range("fragile " + std::to_string(value));
    }
};

__attribute__((noinline)) double deep(int depth, double x) {
    Guard guard("deep");
    if (depth == 0) throw x;
    return deep(depth - 1, x * 1.5) + 1.0;
}

void rethrow() {
    try {
        Fragile fragile(7);
    } catch (const std::exception& error) {
        std::printf("inner: %s\n", error.what());
        throw;
    }
}

const Guard& local_static() {
    static Guard once("local static");
    return once;
}

}  // namespace

int main() {
    try {
        deep(3, 2.0);
    } catch (int) {
        std::puts("wrong");
    } catch (double x) {
        std::printf("caught %.4f\n", x);
    }
    try {
        rethrow();
    } catch (const std::logic_error& error) {
        std::printf("outer: %s\n", error.what());
    }
    try {
        auto owned = std::make_unique<Fragile>(1);
        std::string().at(3);
    } catch (...) {
        std::puts("anything");
    }
    local_static();
    local_static();
    return 0;
}
