// std::vector, string, map, sort, functions, dynamic_cast and typeid.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

namespace {

struct Shape {
    virtual ~Shape() = default;
    virtual float area() const = 0;
};
struct Square : Shape {
    float side;
    explicit Square(float s) : side(s) {}
    float area() const override { return side * side; }
};
struct Circle : Shape {
    float radius;
    explicit Circle(float r) : radius(r) {}
    float area() const override { return 3.14159265f * radius * radius; }
};

std::vector<unsigned> primes(unsigned limit) {
    std::vector<bool> composite(limit);
    std::vector<unsigned> found;
    for (unsigned i = 2; i < limit; ++i) {
        if (composite[i]) continue;
        found.push_back(i);
        for (unsigned k = i * i; k < limit; k += i) composite[k] = true;
    }
    return found;
}

}  // namespace

int main() {
    const auto found = primes(2000);
    std::printf("%u primes, last %u, sum %u\n", static_cast<unsigned>(found.size()), found.back(),
                std::accumulate(found.begin(), found.end(), 0u));

    std::map<std::string, int> words;
    std::string text = "the quick brown fox jumps over the lazy dog the end", word;
    for (char c : text + " ") {
        if (c != ' ') word += c;
        else ++words[std::exchange(word, {})];
    }
    for (const auto& [key, count] : words) std::printf("%s=%d ", key.c_str(), count);
    std::puts("");

    std::vector<std::unique_ptr<Shape>> shapes;
    for (int i = 1; i <= 4; ++i) {
        if (i % 2 != 0) shapes.push_back(std::make_unique<Square>(0.5f * static_cast<float>(i)));
        else shapes.push_back(std::make_unique<Circle>(static_cast<float>(i)));
    }
    std::sort(shapes.begin(), shapes.end(), [](const auto& a, const auto& b) { return a->area() > b->area(); });
    for (const auto& shape : shapes)
        std::printf("%s %.5f %s\n", dynamic_cast<const Circle*>(shape.get()) ? "circle" : "square",
                    static_cast<double>(shape->area()), typeid(*shape).name());

    std::function<long(int)> fibonacci = [&](int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); };
    std::printf("%ld\n", fibonacci(16));
    return static_cast<int>(found.size() % 7);
}
