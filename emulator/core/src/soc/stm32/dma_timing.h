// What a DMA transfer of the STM32F4 costs in HCLK cycles: AN4031 rev 3, 1.2.2 and 2.1 (TS = TSP + TSM), by its terms.
// The chip's .toml gives the numbers, section [dma], by the names below. Not modelled: the way of DMA2 to APB1 through
// the AHB1 slave (it takes the bridge alone).
#pragma once

#include <cstdint>

#include "tinysim/registry.h"

namespace tinysim::stm32::dma {

struct Timing {
    explicit Timing(const Construction& construction)
        : peripheral_arbitration_cycles(number(construction, "dma_peripheral_arbitration_cycles", 1)),
          peripheral_address_cycles(number(construction, "dma_peripheral_address_cycles", 1)),
          memory_arbitration_cycles(number(construction, "dma_memory_arbitration_cycles", 1)),
          memory_address_cycles(number(construction, "dma_memory_address_cycles", 1)),
          matrix_arbitration_cycles(number(construction, "dma_matrix_arbitration_cycles", 1)),
          ahb_transfer_cycles(number(construction, "dma_ahb_transfer_cycles", 1)),
          apb_transfer_apb_cycles(number(construction, "dma_apb_transfer_apb_cycles", 2)),
          apb_synchronisation_cycles(number(construction, "dma_apb_synchronisation_cycles", 1)) {}

    const int64_t peripheral_arbitration_cycles;        // tPA
    const int64_t peripheral_address_cycles;            // tPAC
    const int64_t memory_arbitration_cycles;            // tMA
    const int64_t memory_address_cycles;                // tMAC
    const int64_t matrix_arbitration_cycles;            // tBMA; 0 on the direct way to a bridge
    const int64_t ahb_transfer_cycles;                  // tEDT of AHB, tSRAM: each beat
    const int64_t apb_transfer_apb_cycles;              // tEDT of APB: each beat, in APB cycles
    const int64_t apb_synchronisation_cycles;           // tBS

private:
    static int64_t number(const Construction& construction, const char* name, int64_t otherwise) {
        return construction.chip_number(name, otherwise);
    }
};

}  // namespace tinysim::stm32::dma
