#include "soc/stm32/identity.h"

namespace tinysim::stm32 {

namespace {
constexpr Register debug_table[] = {
    {"DBGMCU_IDCODE", 0, 0}, {"DBGMCU_CR", 0, 0xE7}, {"DBGMCU_APB1_FZ", 0, 0x06E019FF}, {"DBGMCU_APB2_FZ", 0, 0x00070003}};
constexpr Register l4_debug_table[] = {
    {"IDCODE", 0, 0}, {"CR", 0, 0xE7}, {"APB1_FZR1", 0, 0x82E01C3F}, {"APB1_FZR2", 0, 0x20}, {"APB2_FZR", 0, 0x00072800}};
constexpr Register signature_table[] = {{"UID0"}, {"UID1"}, {"UID2"}, {"reserved"}, {"FLASH_SIZE"},
                                        {"reserved"}, {"VREFIN_CAL"}, {"TS_CAL"}};
constexpr Register l4_signature_table[] = {{"UID0"}, {"UID1"}, {"UID2"}, {}, {}, {}, {"TS_CAL1, VREFINT_CAL"}, {}, {}, {}, {},
                                           {}, {}, {}, {"TS_CAL2"}, {}, {}, {}, {}, {}, {"FLASH_SIZE"}};
constexpr uint32_t l4_first_calibration = 0x18, l4_second_calibration = 0x38, l4_flash_size = 0x50;

uint32_t word(const Construction& construction, const char* key, int64_t otherwise) {
    return static_cast<uint32_t>(construction.chip_number(key, otherwise));
}
}  // namespace

Dbgmcu::Dbgmcu(const Construction& construction) : Dbgmcu(construction, debug_table) {}

L4Dbgmcu::L4Dbgmcu(const Construction& construction) : Dbgmcu(construction, l4_debug_table) {}

Dbgmcu::Dbgmcu(const Construction& construction, RegisterTable table)
    : Peripheral(construction, table, Bridge::ahb), idcode_(word(construction, "dbgmcu_idcode", 0x100F6413)) {}

Signature::Signature(const Construction& construction)
    : Peripheral(construction, signature_table, Bridge::ahb),
      words_{word(construction, "unique_id_0", 0), word(construction, "unique_id_1", 0),
             word(construction, "unique_id_2", 0), 0xFFFFFFFF,
             word(construction, "flash_size_kbytes", 1024) << 16 | 0xFFFF, 0xFFFFFFFF,
             word(construction, "adc_vrefint_calibration", 0xFFFF) << 16 | 0xFFFF,
             word(construction, "adc_temperature_calibration_1", 0xFFFF) | word(construction, "adc_temperature_calibration_2", 0xFFFF) << 16} {}

L4Signature::L4Signature(const Construction& construction)
    : Peripheral(construction, l4_signature_table, Bridge::ahb),
      words_{word(construction, "unique_id_0", 0), word(construction, "unique_id_1", 0), word(construction, "unique_id_2", 0),
             word(construction, "adc_temperature_calibration_1", 0xFFFF) | word(construction, "adc_vrefint_calibration", 0xFFFF) << 16,
             word(construction, "adc_temperature_calibration_2", 0xFFFF) << 16 | 0xFFFF,
             0xFFFF0000 | word(construction, "flash_size_kbytes", 1024)} {}

uint32_t L4Signature::read_register(uint32_t offset) {
    switch (offset) {
    case l4_first_calibration: return words_[3];
    case l4_second_calibration: return words_[4];
    case l4_flash_size: return words_[5];
    default: return words_[offset / 4];
    }
}

}  // namespace tinysim::stm32
