// The type registry: Renode's type names (without their common prefix) and the classes that stand for them.
#include <algorithm>

#include "parts/analog_signal.h"
#include "parts/bus_traffic.h"
#include "parts/button.h"
#include "parts/combined_input.h"
#include "parts/interrupt_load.h"
#include "parts/i2c_jumper.h"
#include "parts/i2s_microphone.h"
#include "parts/led.h"
#include "parts/hts221.h"
#include "parts/lis2dw12.h"
#include "parts/lis302dl.h"
#include "parts/lis3dsh.h"
#include "parts/lis3mdl.h"
#include "parts/lps22hb.h"
#include "parts/lsm6dsl.h"
#include "parts/pdm_microphone.h"
#include "parts/spi_loopback.h"
#include "parts/serial_cable.h"
#include "parts/vl53l0x.h"
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
#include "soc/stm32/adc.h"
#include "soc/stm32/adc_common.h"
#include "soc/stm32/adc_l4.h"
#include "soc/stm32/crc.h"
#include "soc/stm32/crc_l4.h"
#include "soc/stm32/dac.h"
#include "soc/stm32/dfsdm.h"
#include "soc/stm32/dma.h"
#include "soc/stm32/dma_channels.h"
#include "soc/stm32/dmamux.h"
#include "soc/stm32/exti.h"
#include "soc/stm32/flash_f4.h"
#include "soc/stm32/flash_l4.h"
#include "soc/stm32/gpio.h"
#include "soc/stm32/i2c_v1.h"
#include "soc/stm32/i2c_v2.h"
#include "soc/stm32/identity.h"
#include "soc/stm32/iwdg.h"
#include "soc/stm32/lptim.h"
#include "soc/stm32/pwr.h"
#include "soc/stm32/pwr_l4.h"
#include "soc/stm32/rcc.h"
#include "soc/stm32/rcc_l4.h"
#include "soc/stm32/sai.h"
#include "soc/stm32/spi.h"
#include "soc/stm32/rng.h"
#include "soc/stm32/rtc.h"
#include "soc/stm32/syscfg.h"
#include "soc/stm32/timer.h"
#include "soc/stm32/usart.h"
#include "soc/stm32/usart_v2.h"
#include "soc/stm32/wwdg.h"

namespace tinysim {
namespace {

struct Row {
    std::string_view type;
    Factory factory;
};

constexpr Row rows[] = {
    {"Analog.STM32_ADC", make<stm32::Adc>},
    {"Analog.STM32_ADC_Common", make<stm32::AdcCommon>},
    {"Analog.STM32_DAC", make<stm32::Dac>},
    {"Analog.STM32_DFSDM", make<stm32::Dfsdm>},
    {"Analog.STM32L4_ADC", make<stm32::L4Adc>},
    {"Analog.STM32L4_ADC_Common", make<stm32::L4AdcCommon>},
    {"CRC.STM32_CRC", make<stm32::Crc>},
    {"CRC.STM32L4_CRC", make<stm32::L4Crc>},
    {"DMA.STM32DMA", make<stm32::Dma>},
    {"DMA.STM32LDMA", make<stm32::ChannelDma>},
    {"GPIOPort.NRF52840_GPIO", make<nrf::NrfGpio>},
    {"GPIOPort.NRF52840_GPIOTasksEvents", make<nrf::NrfGpiote>},
    {"GPIOPort.STM32_GPIOPort", make<stm32::Gpio>},
    {"I2C.NRF52840_TWI_TWIM", make<nrf::NrfTwi>},
    {"I2C.STM32F4_I2C", make<stm32::I2cV1>},
    {"I2C.STM32F7_I2C", make<stm32::I2cV2>},
    {"IRQControllers.STM32F4_EXTI", make<stm32::Exti>},
    {"IRQControllers.STM32L4_EXTI", make<stm32::L4Exti>},
    {"Miscellaneous.BusTraffic", make<BusTraffic>},
    {"Miscellaneous.Button", make<Button>},
    {"Miscellaneous.CombinedInput", make<CombinedInput>},
    {"Miscellaneous.InterruptLoad", make<InterruptLoad>},
    {"Miscellaneous.I2cJumper", make<I2cJumper>},
    {"Miscellaneous.LED", make<Led>},
    {"Miscellaneous.NRF52840_EGU", make<nrf::NrfEgu>},
    {"Miscellaneous.NRF52840_FICR", make<nrf::Ficr>},
    {"Miscellaneous.NRF52840_PPI", make<nrf::NrfPpi>},
    {"Miscellaneous.NRF52840_RNG", make<nrf::Rng>},
    {"Miscellaneous.NRF52840_ROMTable", make<nrf::RomTable>},
    {"Miscellaneous.NRF52840_UICR", make<nrf::Uicr>},
    {"Miscellaneous.NRF_CLOCK", make<nrf::NrfClockPower>},
    {"Miscellaneous.STM32_DBGMCU", make<stm32::Dbgmcu>},
    {"Miscellaneous.STM32_DMAMUX", make<stm32::Dmamux>},
    {"Miscellaneous.STM32_PWR", make<stm32::Pwr>},
    {"Miscellaneous.STM32_RNG", make<stm32::Rng>},
    {"Miscellaneous.STM32_Signature", make<stm32::Signature>},
    {"Miscellaneous.STM32_SYSCFG", make<stm32::Syscfg>},
    {"Miscellaneous.STM32F4_RCC", make<stm32::Rcc>},
    {"Miscellaneous.STM32L4_DBGMCU", make<stm32::L4Dbgmcu>},
    {"Miscellaneous.STM32L4_PWR", make<stm32::L4Pwr>},
    {"Miscellaneous.STM32L4_RCC", make<stm32::L4Rcc>},
    {"Miscellaneous.STM32L4_Signature", make<stm32::L4Signature>},
    {"Miscellaneous.STM32L4_SYSCFG", make<stm32::L4Syscfg>},
    {"MTD.NRF52840_NVMC", make<nrf::Nvmc>},
    {"MTD.STM32F4_FlashController", make<stm32::F4Flash>},
    {"MTD.STM32L4_FlashController", make<stm32::L4Flash>},
    {"Sensors.HTS221", make<Hts221>},
    {"Sensors.AnalogSignal", make<AnalogSignal>},
    {"Sensors.I2SMicrophone", make<I2sMicrophone>},
    {"Sensors.LIS2DW12", make<Lis2dw12>},
    {"Sensors.LIS302DL", make<Lis302dl>},
    {"Sensors.LIS3DSH", make<Lis3dsh>},
    {"Sensors.LIS3MDL", make<Lis3mdl>},
    {"Sensors.LPS22HB", make<Lps22hb>},
    {"Sensors.LSM6DSL", make<Lsm6dsl>},
    {"Sensors.NRF52840_TEMP", make<nrf::Temp>},
    {"Sensors.PDMMicrophone", make<PdmMicrophone>},
    {"Sensors.VL53L0X", make<Vl53l0x>},
    {"Sound.STM32_SAI", make<stm32::Sai>},
    {"SPI.Loopback", make<SpiLoopback>},
    {"SPI.STM32SPI", make<stm32::Spi>},
    {"Timers.NRF52840_RTC", make<nrf::NrfRtc>},
    {"Timers.NRF52840_Timer", make<nrf::NrfTimer>},
    {"Timers.NRF52840_Watchdog", make<nrf::Wdt>},
    {"Timers.STM32_IndependentWatchdog", make<stm32::Iwdg>},
    {"Timers.STM32_WindowWatchdog", make<stm32::Wwdg>},
    {"Timers.STM32F4_RTC", make<stm32::Rtc>},
    {"Timers.STM32L4_RTC", make<stm32::L4Rtc>},
    {"Timers.STM32L0_LpTimer", make<stm32::Lptim>},
    {"Timers.STM32_Timer", make<stm32::Timer>},
    {"UART.NRF52840_UART", make<nrf::NrfUart>},
    {"UART.SerialCable", make<SerialCable>},
    {"UART.STM32F7_USART", make<stm32::UsartV2>},
    {"UART.STM32_UART", make<stm32::Usart>},
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
