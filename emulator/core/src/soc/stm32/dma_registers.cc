#include "soc/stm32/dma_registers.h"

namespace tinysim::stm32::dma {

namespace {
constexpr uint32_t fifo_bytes = 16;

#define STREAM(n)                                                                                   \
    {"S" #n "CR", 0, cr_writable}, {"S" #n "NDTR", 0, 0xFFFF}, {"S" #n "PAR", 0, 0xFFFF'FFFF},      \
    {"S" #n "M0AR", 0, 0xFFFF'FFFF}, {"S" #n "M1AR", 0, 0xFFFF'FFFF}, {"S" #n "FCR", fcr_reset, fcr_writable}
constexpr Register registers[] = {
    {"LISR", 0, 0}, {"HISR", 0, 0}, {"LIFCR", 0, isr_bits}, {"HIFCR", 0, isr_bits},
    STREAM(0), STREAM(1), STREAM(2), STREAM(3), STREAM(4), STREAM(5), STREAM(6), STREAM(7)};
#undef STREAM

uint32_t field(uint32_t cr, unsigned at) { return (cr >> at) & 3; }
uint32_t size_bytes(uint32_t code) { return code >= 2 ? 4 : 1u << code; }           // 3 is reserved
uint32_t burst_beats(uint32_t code) { return code == 0 ? 1 : 2u << code; }
}  // namespace

RegisterTable register_table() { return registers; }

uint32_t forced_fcr(uint32_t cr, uint32_t fcr) {
    return field(cr, DIR_at) == static_cast<uint32_t>(Direction::memory_to_memory) ? fcr | DMDIS : fcr;
}

uint32_t forced_cr(uint32_t cr, uint32_t fcr) {
    const bool direct = (forced_fcr(cr, fcr) & DMDIS) == 0;
    const uint32_t psize = field(cr, PSIZE_at);
    if (direct) {
        cr &= ~(3u << MSIZE_at | 3u << PBURST_at | 3u << MBURST_at | PINCOS);
        cr |= psize << MSIZE_at;
    }
    if (field(cr, PBURST_at) != 0) cr &= ~PINCOS;
    if ((cr & DBM) != 0) cr |= CIRC;
    if ((cr & PFCTRL) != 0) cr &= ~CIRC;
    return cr;
}

Setup setup_of(uint32_t cr, uint32_t fcr) {
    Setup setup;
    setup.direction = static_cast<Direction>(field(cr, DIR_at));
    setup.peripheral_bytes = size_bytes(field(cr, PSIZE_at));
    setup.memory_bytes = size_bytes(field(cr, MSIZE_at));
    setup.peripheral_beats = burst_beats(field(cr, PBURST_at));
    setup.memory_beats = burst_beats(field(cr, MBURST_at));
    setup.peripheral_step = (cr & PINC) == 0 ? 0 : (cr & PINCOS) != 0 ? 4 : setup.peripheral_bytes;
    setup.memory_step = (cr & MINC) == 0 ? 0 : setup.memory_bytes;
    setup.threshold_bytes = ((fcr & FTH) + 1) * 4;
    setup.priority = static_cast<uint8_t>(field(cr, PL_at));
    setup.channel = static_cast<uint8_t>((cr >> CHSEL_at) & 7);
    setup.direct = (fcr & DMDIS) == 0;
    setup.double_buffer = (cr & DBM) != 0;
    setup.circular = !setup.memory_to_memory() && (cr & (CIRC | DBM)) != 0;
    setup.peripheral_flow = !setup.memory_to_memory() && (cr & PFCTRL) != 0;
    return setup;
}

bool fits_fifo(const Setup& setup) {
    if (setup.direct) return true;
    const uint32_t burst_bytes = setup.memory_beats * setup.memory_bytes;
    const bool memory_fits = setup.memory_beats == 1 || setup.threshold_bytes % burst_bytes == 0;
    return memory_fits && setup.peripheral_beats * setup.peripheral_bytes <= fifo_bytes;
}

}  // namespace tinysim::stm32::dma
