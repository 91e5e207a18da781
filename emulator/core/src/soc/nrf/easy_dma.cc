#include "soc/nrf/easy_dma.h"

#include <algorithm>
#include <cstdio>

namespace tinysim::nrf {

namespace {
constexpr uint32_t maxcnt_mask = 0xFFFF;
constexpr uint32_t array_list = 1;

std::string hexadecimal(uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08X", static_cast<unsigned>(value));
    return text;
}
}  // namespace

EasyDma::EasyDma(const Construction& construction, Direction direction)
    : scheduler_(construction.scheduler), recorder_(construction.recorder), dma_(construction.dma),
      name_(construction.name), direction_(direction),
      master_(construction.recorder.name_master(construction.name)),
      bus_master_(construction.dma.add_master(construction.name)),
      beat_bytes_(
          static_cast<uint32_t>(std::max<int64_t>(construction.chip_number("easy_dma_beat_bytes", 1), 1))),
      dma_errors_(construction.recorder.counter(construction.name + ".dma_errors")) {}

uint32_t EasyDma::read_register(uint32_t offset) const {
    switch (offset) {
    case 0x0: return ptr_;
    case 0x4: return maxcnt_;
    case 0x8: return amount_;
    default: return list_;
    }
}

void EasyDma::write_register(uint32_t offset, uint32_t value) {
    switch (offset) {
    case 0x0: ptr_ = value; break;
    case 0x4: maxcnt_ = value & maxcnt_mask; break;
    case 0xC: list_ = value & 7; break;
    default: break;  // AMOUNT is read-only
    }
}

void EasyDma::reset() {
    if (running_) finish();
    ptr_ = maxcnt_ = amount_ = list_ = 0;
}

bool EasyDma::start() {
    address_ = ptr_;
    count_bytes_ = maxcnt_;
    moved_bytes_ = 0;
    started_at_ticks_ = scheduler_.now();
    if (count_bytes_ > 0 && !dma_.reaches(address_, count_bytes_)) {
        amount_ = 0;
        running_ = false;
        count_bytes_ = 0;
        bus_error(address_);
        return false;
    }
    if (list_ == array_list) ptr_ += maxcnt_;
    running_ = true;
    return true;
}

// Of the byte that moves now; the first one of a bus word takes the bus.
uint32_t EasyDma::next_address() {
    const uint32_t address = address_ + moved_bytes_;
    if (moved_bytes_++ == 0 || address % beat_bytes_ == 0)
        dma_.beat(bus_master_, address, scheduler_.now());
    return address;
}

void EasyDma::put(uint8_t byte) {
    const uint32_t address = next_address();
    if (!dma_.write(address, byte)) bus_error(address);
}

uint8_t EasyDma::take() {
    uint8_t byte = 0;
    const uint32_t address = next_address();
    if (!dma_.read(address, byte)) bus_error(address);
    return byte;
}

void EasyDma::finish() {
    amount_ = moved_bytes_;
    finish_unchanged();
}

void EasyDma::finish_unchanged() {
    if (running_ && moved_bytes_ > 0)
        recorder_.transfer(master_, started_at_ticks_, direction_ == Direction::to_memory, address_,
                           moved_bytes_);
    running_ = false;
}

void EasyDma::bus_error(uint32_t address) {
    ++dma_errors_;
    if (std::exchange(warned_, true)) return;
    const char* which = direction_ == Direction::to_memory ? "RXD.PTR" : "TXD.PTR";
    recorder_.warn(name_ + ": EasyDMA " + which + " " + hexadecimal(address) +
                   " is not in RAM; the transfer did not run (further ones are counted only)");
}

void EasyDma::state(Archive& archive) {
    archive(warned_, ptr_, maxcnt_, amount_, list_, address_, count_bytes_, moved_bytes_,
            started_at_ticks_, running_);
}

}  // namespace tinysim::nrf
