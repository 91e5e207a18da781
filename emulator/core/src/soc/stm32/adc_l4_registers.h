// Registers of the STM32L4's ADC: offsets and bits. RM0351 18.6.
#pragma once

#include <cstdint>

namespace tinysim::stm32::adc_l4 {

enum Offset : uint32_t {
    ISR = 0x00, IER = 0x04, CR = 0x08, CFGR = 0x0C, CFGR2 = 0x10, SMPR1 = 0x14, SMPR2 = 0x18, TR1 = 0x20, TR2 = 0x24, TR3 = 0x28,
    SQR1 = 0x30, SQR4 = 0x3C, DR = 0x40, JSQR = 0x4C, OFR1 = 0x60, OFR4 = 0x6C, JDR1 = 0x80, AWD2CR = 0xA0, AWD3CR = 0xA4, DIFSEL = 0xB0,
    CALFACT = 0xB4
};
enum Isr : uint32_t { ADRDY = 1u << 0, EOSMP = 1u << 1, EOC = 1u << 2, EOS = 1u << 3, OVR = 1u << 4, JEOC = 1u << 5, JEOS = 1u << 6,
                      AWD1 = 1u << 7, AWD2 = 1u << 8, AWD3 = 1u << 9, JQOVF = 1u << 10 };
enum Cr : uint32_t { ADEN = 1u << 0, ADDIS = 1u << 1, ADSTART = 1u << 2, JADSTART = 1u << 3, ADSTP = 1u << 4, JADSTP = 1u << 5,
                     ADVREGEN = 1u << 28, DEEPPWD = 1u << 29, ADCALDIF = 1u << 30, ADCAL = 1u << 31 };
enum Cfgr : uint32_t { DMAEN = 1u << 0, DMACFG = 1u << 1, DFSDMCFG = 1u << 2, ALIGN = 1u << 5, OVRMOD = 1u << 12, CONT = 1u << 13,
                       AUTDLY = 1u << 14, DISCEN = 1u << 16, JDISCEN = 1u << 20, JQM = 1u << 21, AWD1SGL = 1u << 22, AWD1EN = 1u << 23, JAWD1EN = 1u << 24,
                       JAUTO = 1u << 25, JQDIS = 1u << 31 };
enum Cfgr2 : uint32_t { ROVSE = 1u << 0, JOVSE = 1u << 1, TROVS = 1u << 9, ROVSM = 1u << 10 };

}  // namespace tinysim::stm32::adc_l4
