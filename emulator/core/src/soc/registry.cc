// The type registry: Renode's type names (without their common prefix) and the classes that stand for them.
#include <algorithm>

#include "parts/button.h"
#include "parts/led.h"
#include "parts/lis2dw12.h"
#include "soc/nrf/clock_power.h"
#include "soc/nrf/egu.h"
#include "soc/nrf/ficr.h"
#include "soc/nrf/gpio.h"
#include "soc/nrf/gpiote.h"
#include "soc/nrf/nvmc.h"
#include "soc/nrf/ppi.h"
#include "soc/nrf/rng.h"
#include "soc/nrf/rtc.h"
#include "soc/nrf/temp.h"
#include "soc/nrf/timer.h"
#include "soc/nrf/twi.h"
#include "soc/nrf/uart.h"
#include "soc/nrf/uicr.h"
#include "soc/nrf/wdt.h"

namespace tinysim {
namespace {

struct Row {
    std::string_view type;
    Factory factory;
};

constexpr Row rows[] = {
    {"GPIOPort.NRF52840_GPIO", make<nrf::NrfGpio>},
    {"GPIOPort.NRF52840_GPIOTasksEvents", make<nrf::NrfGpiote>},
    {"I2C.NRF52840_TWI_TWIM", make<nrf::NrfTwi>},
    {"MTD.NRF52840_NVMC", make<nrf::Nvmc>},
    {"Miscellaneous.Button", make<Button>},
    {"Miscellaneous.LED", make<Led>},
    {"Miscellaneous.NRF52840_EGU", make<nrf::NrfEgu>},
    {"Miscellaneous.NRF52840_FICR", make<nrf::Ficr>},
    {"Miscellaneous.NRF52840_PPI", make<nrf::NrfPpi>},
    {"Miscellaneous.NRF52840_RNG", make<nrf::Rng>},
    {"Miscellaneous.NRF52840_ROMTable", make<nrf::RomTable>},
    {"Miscellaneous.NRF52840_UICR", make<nrf::Uicr>},
    {"Miscellaneous.NRF_CLOCK", make<nrf::NrfClockPower>},
    {"Sensors.LIS2DW12", make<Lis2dw12>},
    {"Sensors.NRF52840_TEMP", make<nrf::Temp>},
    {"Timers.NRF52840_RTC", make<nrf::NrfRtc>},
    {"Timers.NRF52840_Timer", make<nrf::NrfTimer>},
    {"Timers.NRF52840_Watchdog", make<nrf::Wdt>},
    {"UART.NRF52840_UART", make<nrf::NrfUart>},
};

}  // namespace

Factory find_factory(std::string_view type) {
    const auto* found = std::find_if(std::begin(rows), std::end(rows), [&](const Row& row) { return row.type == type; });
    return found == std::end(rows) ? nullptr : found->factory;
}

std::vector<std::string> known_types() {
    std::vector<std::string> types;
    for (const Row& row : rows) types.emplace_back(row.type);
    return types;
}

}  // namespace tinysim
