// A bench for device tests without a CPU: scheduler, recorder, 4 KB of RAM, event fabric, and TEST
// functions. A test program runs the tests named on its command line, or all; exit status 0 when
// none failed.
#pragma once

#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "soc/nrf/peripheral.h"

// Construction may gain members; a bench names those that it fills.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace bench {

using tinysim::Tick;

struct Test {
    const char* name;
    void (*run)();
};
inline std::vector<Test>& tests() {
    static std::vector<Test> all;
    return all;
}
inline int failures = 0;

struct Registration {
    Registration(const char* name, void (*run)()) { tests().push_back({name, run}); }
};

inline void expect_equal(const char* file, int line, const char* what, long long got,
                         long long wanted) {
    if (got == wanted) return;
    ++failures;
    std::printf("%s:%d: %s is %lld, expected %lld\n", file, line, what, got, wanted);
}

inline int run(int count, char** names) {
    for (const Test& test : tests()) {
        bool wanted = count < 2;
        for (int i = 1; i < count; ++i) wanted = wanted || std::strcmp(names[i], test.name) == 0;
        if (wanted) test.run();
    }
    return failures == 0 ? 0 : 1;
}

inline constexpr uint32_t ram_base = 0x20000000;
inline constexpr int64_t ticks_per_second = 512'000'000, cycle_16_mhz_ticks = 32;

struct Ram : tinysim::DmaPort {
    std::array<uint8_t, 4096> bytes{};
    bool reaches(uint32_t address, uint32_t count) const override {
        return address >= ram_base && uint64_t{address} + count <= ram_base + bytes.size();
    }
    bool read(uint32_t address, uint8_t& byte) override {
        if (!reaches(address, 1)) return false;
        byte = bytes[address - ram_base];
        return true;
    }
    bool write(uint32_t address, uint8_t byte) override {
        if (!reaches(address, 1)) return false;
        bytes[address - ram_base] = byte;
        return true;
    }
    void put(uint32_t offset, const std::string& text) {
        std::memcpy(bytes.data() + offset, text.data(), text.size());
    }
    std::string text(uint32_t offset, uint32_t count) const {
        return {reinterpret_cast<const char*>(bytes.data()) + offset, count};
    }
};

struct NoRequests : tinysim::SystemRequests {
    void reset_system(uint32_t) override {}
    void stall_cpu_until(Tick) override {}
    void system_off() override {}
    tinysim::Memory* memory(std::string_view) override { return nullptr; }
};

struct Bench {
    tinysim::Scheduler scheduler{ticks_per_second};
    tinysim::Recorder recorder{scheduler};
    Ram ram;
    NoRequests requests;
    tinysim::nrf::EventFabric fabric;

    tinysim::Construction construction(const std::string& name, uint32_t address = 0,
                                       std::map<std::string, int64_t> numbers = {}) {
        return {.name = name,
                .address = address,
                .numbers = std::move(numbers),
                .scheduler = scheduler,
                .recorder = recorder,
                .dma = ram,
                .system = requests,
                .fabric = fabric};
    }
    void run_to(Tick at) { scheduler.run_until(at); }
    void run_for(Tick ticks) { scheduler.run_until(scheduler.now() + ticks); }
    int64_t counter(const std::string& name) { return recorder.counter(name); }
};

}  // namespace bench

#define TEST(name)                                                     \
    static void name();                                                \
    static const bench::Registration name##_registration(#name, name); \
    static void name()
#define EXPECT_EQUAL(got, wanted)                                              \
    bench::expect_equal(__FILE__, __LINE__, #got, static_cast<long long>(got), \
                        static_cast<long long>(wanted))
#define EXPECT(condition) EXPECT_EQUAL(static_cast<bool>(condition), true)
