// A bench for the STM32F4 DMA: bus matrix with two SRAMs, CCM, flash, two bridges and AHB1, and a register that asks
// for service. One HCLK cycle is 4 ticks; APB1 runs at HCLK/4, APB2 at HCLK/2. `Cpu` accesses go through the matrix.
#pragma once

#include <deque>

#include "bus/bus.h"
#include "device_bench.h"
#include "soc/stm32/dma.h"

namespace bench {

using namespace tinysim;
using stm32::dma::CIRC, stm32::dma::CT, stm32::dma::DBM, stm32::dma::EN, stm32::dma::HTIE, stm32::dma::MINC, stm32::dma::PFCTRL,
    stm32::dma::PINC, stm32::dma::TCIE, stm32::dma::TEIE, stm32::dma::DMEIE, stm32::dma::FEIE, stm32::dma::DMDIS;
using stm32::dma::DMEIF, stm32::dma::FEIF, stm32::dma::HTIF, stm32::dma::TCIF, stm32::dma::TEIF;

inline constexpr Tick cycle = 4;
inline constexpr uint32_t sram1 = 0x2000'0000, sram2 = 0x2001'C000, ccm = 0x1000'0000, flash = 0x0800'0000;
inline constexpr uint32_t apb1_register = 0x4000'4404, apb2_register = 0x4001'1004, ahb_register = 0x4002'0014;
inline constexpr uint32_t to_memory = 0, from_memory = 1 << 6, memory_to_memory = 2 << 6;
inline constexpr uint32_t psize(uint32_t bytes) { return (bytes / 2) << 11; }
inline constexpr uint32_t msize(uint32_t bytes) { return (bytes / 2) << 13; }
inline constexpr uint32_t pburst(uint32_t code) { return code << 21; }
inline constexpr uint32_t mburst(uint32_t code) { return code << 23; }
inline constexpr uint32_t channel(uint32_t number) { return number << 25; }
inline constexpr uint32_t priority(uint32_t level) { return level << 16; }
inline constexpr uint32_t fifo(uint32_t quarters) { return DMDIS | (quarters - 1); }

// Reads count up; writes are kept; each with its time.
struct Register : Device {
    explicit Register(Scheduler& scheduler) : scheduler(scheduler) {}
    Scheduler& scheduler;
    Line request;
    bool drops_request = false;         // as RXNE does when the data register is read
    uint32_t next = 1;
    std::vector<Tick> times;
    std::vector<uint32_t> written;
    uint32_t read(uint32_t, unsigned) override {
        touched();
        return next++;
    }
    void write(uint32_t, uint32_t value, unsigned) override {
        written.push_back(value);
        touched();
    }
    void touched() {
        times.push_back(scheduler.now());
        if (drops_request) request.set(false);
    }
    void reset() override {}
    void state(Archive&) override {}
};

struct DmaBench {
    Scheduler scheduler{ticks_per_second};
    Recorder recorder{scheduler};
    Bus bus;
    NoRequests requests;
    nrf::EventFabric fabric;
    Register device{scheduler};
    int windows_closed = 0;
    std::unique_ptr<stm32::Dma> dma1, dma2;

    DmaBench() {
        Matrix& matrix = bus.matrix;
        matrix.cpu_wins_ties = false;
        matrix.cycle_ticks = cycle;
        matrix.add_slave("sram1", sram1, sram2 - 1, 0);
        matrix.add_slave("sram2", sram2, 0x2001'FFFF, 1);
        matrix.add_slave("ccm", ccm, ccm + 0xFFFF, 0, SlaveKind::local);
        matrix.add_slave("flash", flash, flash + 0xFFFF, 0, SlaveKind::flash);
        matrix.add_slave("apb1", 0x4000'0000, 0x4000'FFFF, 0, SlaveKind::apb).apb_cycle_ticks = 4 * cycle;
        matrix.add_slave("apb2", 0x4001'0000, 0x4001'FFFF, 0, SlaveKind::apb).apb_cycle_ticks = 2 * cycle;
        matrix.add_slave("ahb1", 0x4002'0000, 0x4007'FFFF, 0, SlaveKind::ahb);
        matrix.close_windows_once = [this] { ++windows_closed; };
        add_memory("sram", sram1, 0x2'0000, MemoryKind::ram);
        add_memory("ccm", ccm, 0x1'0000, MemoryKind::ram);
        add_memory("flash", flash, 0x1'0000, MemoryKind::flash);
        for (uint32_t at : {apb1_register, apb2_register, ahb_register})
            bus.add({.start = at & ~0x3FFu, .last = at | 0x3FF, .name = "device", .device = &device});
        dma1 = std::make_unique<stm32::Dma>(construction("dma1", 0x4002'6000));
        dma2 = std::make_unique<stm32::Dma>(construction("dma2", 0x4002'6400));
    }
    void add_memory(const char* name, uint32_t address, uint32_t size, MemoryKind kind) {
        Memory& memory = bus.add_memory(std::make_unique<Memory>(name, size, kind, 0));
        bus.add({.start = address, .last = address + size - 1, .name = name, .memory = &memory});
    }
    Construction construction(const char* name, uint32_t address) {
        return {.name = name, .address = address, .scheduler = scheduler, .recorder = recorder, .dma = bus, .system = requests, .fabric = fabric};
    }

    // ---- the stream's registers ----
    static uint32_t offset(unsigned stream, uint32_t which) { return 0x10 + stream * 0x18 + which; }
    void set(stm32::Dma& dma, unsigned stream, uint32_t which, uint32_t value) { dma.write(offset(stream, which), value, 4); }
    uint32_t get(stm32::Dma& dma, unsigned stream, uint32_t which) { return dma.read(offset(stream, which), 4); }
    void program(stm32::Dma& dma, unsigned stream, uint32_t par, uint32_t m0ar, uint32_t items, uint32_t cr, uint32_t fcr = 0) {
        set(dma, stream, 0x08, par);
        set(dma, stream, 0x0C, m0ar);
        set(dma, stream, 0x04, items);
        set(dma, stream, 0x14, fcr);
        set(dma, stream, 0x00, cr);
        set(dma, stream, 0x00, cr | EN);
    }
    uint32_t flags(stm32::Dma& dma, unsigned stream) {
        return dma.read(stream < 4 ? 0x0 : 0x4, 4) >> stm32::dma::flag_shift(stream & 3) & 0x3D;
    }
    void clear(stm32::Dma& dma, unsigned stream) { dma.write(stream < 4 ? 0x8 : 0xC, 0x3Du << stm32::dma::flag_shift(stream & 3), 4); }
    bool interrupt(stm32::Dma& dma, unsigned stream) { return dma.output(std::to_string(stream))->level(); }
    void connect(stm32::Dma& dma, unsigned stream, unsigned request_channel) { device.request.connect(*dma.input(stream * 8 + request_channel)); }

    // ---- memory and time ----
    void fill(uint32_t address, uint32_t count) {
        for (uint32_t i = 0; i < count; ++i) {
            const uint8_t byte = static_cast<uint8_t>(i + 1);
            bus.poke(address + i, &byte, 1);
        }
    }
    uint32_t word(uint32_t address) const {
        uint8_t raw[4]{};
        bus.peek(address, raw, 4);
        return raw[0] | raw[1] << 8 | raw[2] << 16 | static_cast<uint32_t>(raw[3]) << 24;
    }
    uint32_t byte(uint32_t address) const { return word(address & ~3u) >> (address & 3) * 8 & 0xFF; }
    void run_to(Tick cycles) { scheduler.run_until(cycles * cycle); }
    // Until the interrupt of a stream; in cycles.
    Tick run_to_interrupt(stm32::Dma& dma, unsigned stream, Tick limit_cycles = 100'000) {
        while (!interrupt(dma, stream) && scheduler.next_due() <= limit_cycles * cycle) scheduler.run_until(scheduler.next_due());
        return interrupt(dma, stream) ? scheduler.now() / cycle : -1;
    }
    // One word read by the CPU at `at` cycles: cycles that it waits.
    int32_t cpu_read(uint32_t address, Tick at) {
        run_to(at - 1);
        scheduler.set_now(at * cycle);
        return bus.matrix.access(*bus.find(address), address, false, at * cycle).cycles;
    }
};

}  // namespace bench
