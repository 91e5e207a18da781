// Lets a test in another language touch one device of the type registry: commands on stdin, one
// answer per line.
//   register_probe TYPE ADDRESS [parameter=value ...]
//   r OFFSET: "value gap"   w OFFSET VALUE: "0 gap"   t OFFSET: "1 0" if the task at OFFSET is
//   offered to the PPI   n OFFSET: the name of an STM32 register, or "-"
#include <cstdlib>
#include <iostream>

#include "device_bench.h"
#include "soc/stm32/peripheral.h"
#include "tinysim/memory.h"

namespace {

struct Chip : bench::NoRequests {
    tinysim::Memory flash{"flash", 0x100000, tinysim::MemoryKind::flash, 0xFF};
    tinysim::Memory* memory(std::string_view) override { return &flash; }
};

uint32_t number(const std::string& text) {
    return static_cast<uint32_t>(std::strtoul(text.c_str(), nullptr, 0));
}

}  // namespace

int main(int count, char** arguments) {
    bench::Bench bench;
    Chip chip;
    tinysim::Construction wanted{.name = "probe",
                                 .address = number(arguments[2]),
                                 .scheduler = bench.scheduler,
                                 .recorder = bench.recorder,
                                 .dma = bench.ram,
                                 .system = chip,
                                 .fabric = bench.fabric};
    for (int i = 3; i < count; ++i) {
        const std::string text = arguments[i];
        const size_t equals = text.find('=');
        wanted.numbers[text.substr(0, equals)] = number(text.substr(equals + 1));
    }
    const tinysim::Factory factory = tinysim::find_factory(arguments[1]);
    if (factory == nullptr) {
        std::cout << "unknown type " << arguments[1] << '\n';
        return 2;
    }
    const auto node = factory(wanted);
    auto& device = dynamic_cast<tinysim::Device&>(*node);
    std::string command, offset, value;
    while (std::cin >> command >> offset) {
        uint32_t answer = 0;
        device.take_gap();
        if (command == "n") {
            const auto* block = dynamic_cast<tinysim::stm32::Peripheral*>(node.get());
            const char* name = block == nullptr ? nullptr : block->register_name(number(offset));
            std::cout << (name == nullptr ? "-" : name) << '\n';
            continue;
        }
        if (command == "r") answer = device.read(number(offset), 4);
        if (command == "t") answer = bench.fabric.trigger(wanted.address + number(offset)) ? 1 : 0;
        if (command == "w" && std::cin >> value) device.write(number(offset), number(value), 4);
        std::cout << answer << ' ' << (command != "t" && device.take_gap() ? 1 : 0) << '\n';
    }
    return 0;
}
