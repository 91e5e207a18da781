// A sensor of src/parts on the bench, named "imu", spoken to as a driver would: registers over I2C or SPI, recordings of one value a row.
#pragma once

#include "device_bench.h"
#include "tinysim/recording.h"

namespace bench {

template <class Part>
struct SensorBench : Bench {
    Part part{construction("imu")};
    tinysim::I2cTarget& bus = *part.i2c_target();

    void set(uint8_t address, uint8_t value) {
        bus.start(false);
        bus.write(address);
        bus.write(value);
        bus.stop();
    }
    void point_at(uint8_t address) {
        bus.start(false);
        bus.write(address);
        bus.start(true);
    }
    std::vector<uint8_t> get(uint8_t address, int count) {
        point_at(address);
        std::vector<uint8_t> bytes;
        while (count-- > 0) bytes.push_back(bus.read());
        bus.stop();
        return bytes;
    }
    int get(uint8_t address) { return get(address, 1)[0]; }
    static int16_t word(const std::vector<uint8_t>& bytes, size_t at) {
        return static_cast<int16_t>(bytes[at] | bytes[at + 1] << 8);
    }
    bool pin(const char* name) { return part.output(name)->level(); }
    int64_t account(const char* what) {
        part.settle();
        return counter(std::string("imu.") + what);
    }
};

// SPI: bytes out and in while the select pin (input 0) is low.
template <class Part>
std::vector<uint8_t> transfer(Part& part, const std::vector<uint8_t>& out) {
    (*part.input(0))(true);
    (*part.input(0))(false);
    std::vector<uint8_t> in;
    for (uint8_t byte : out)
        in.push_back(part.spi_target()->is_selected() ? static_cast<uint8_t>(part.spi_target()->exchange(byte, 8)) : 0);
    (*part.input(0))(true);
    return in;
}

// Rows `period` ticks apart; row i has i * step in each column.
inline tinysim::Recording steps(const char* quantity, unsigned columns, int rows, Tick period, int32_t step) {
    tinysim::Recording recording;
    recording.quantity = quantity;
    recording.columns = columns;
    for (int i = 0; i < rows; ++i) {
        recording.times.push_back(i * period);
        recording.values.insert(recording.values.end(), columns, i * step);
    }
    recording.end = rows * period;
    return recording;
}

}  // namespace bench
