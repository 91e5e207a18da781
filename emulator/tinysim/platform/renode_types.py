"""Renode's types as far as its nRF52840 and STM32 platforms use them: parameters, outputs, size; and ours beside them.

Written from Renode's sources (constructors and GPIO properties). A row: type | bytes | parameters, `?` marks those with
a default | outputs, `#` stands for numbered ones. Of other types nothing is known, so nothing is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

PREFIX = "Antmicro.Renode.Peripherals."
ANY_NUMBER = "#"

# What Renode calls otherwise; ours does more than the type of that name upstream.
RENAMED = {"I2C.NRF52840_I2C": "I2C.NRF52840_TWI_TWIM"}

_TYPES = """
Analog.STM32F0_ADC|0x400|referenceVoltage externalEventFrequency dmaChannel? dmaPeripheral?|IRQ
Analog.STM32G0_ADC|0x400|referenceVoltage externalEventFrequency dmaChannel? dmaPeripheral?|IRQ
Analog.STM32H7_ADC|0x400|referenceVoltage externalEventFrequency dmaChannel? dmaPeripheral?|IRQ
Analog.STM32L5_ADC|0x400|referenceVoltage externalEventFrequency dmaChannel? dmaPeripheral?|IRQ
Analog.STM32WBA_ADC|0x400|referenceVoltage externalEventFrequency dmaChannel? dmaPeripheral?|IRQ
Analog.STM32_ADC|0x50||IRQ DMARequest
CAN.MCAN|0x400|messageRAM|
CAN.STM32_FDCAN|0x400|series messageRam|Int0 Int1
CAN.STMCAN|0x400|master?|#
CPU.CortexM||cpuType nvic id? cpuId? endianness? fpuInterruptNumber? numberOfMPURegions? enableTrustZone? numberOfSAURegions? numberOfIDAURegions? isCpuWaitSignalSet?|CpuWaitSignal
CRC.STM32_CRC|0x400|series configurablePoly?|
DMA.STM32DMA|0x400||#
DMA.STM32DMA2D|0xC00||IRQ
DMA.STM32G0DMA|0x400|numberOfChannels|#
DMA.STM32LDMA|0x400||IRQ #
GPIOPort.NRF52840_GPIO|0x300||#
GPIOPort.NRF52840_GPIOTasksEvents|0x1000|port0? port1?|IRQ
GPIOPort.STM32F1AFIO|0x400|gpioPorts|#
GPIOPort.STM32F1GPIOPort|0x400|invertedAFPins?|#
GPIOPort.STM32_GPIOPort|0x400|modeResetValue? outputSpeedResetValue? pullUpPullDownResetValue? numberOfAFs? invertedAFPins?|#
I2C.NRF52840_I2C|0x1000||IRQ
I2C.STM32F1_I2C|0x400||EventInterrupt ErrorInterrupt RxDMARequest TxDMARequest
I2C.STM32F4_I2C|0x400||EventInterrupt ErrorInterrupt
I2C.STM32F7_I2C|0x400||EventInterrupt ErrorInterrupt DmaReceive
IRQControllers.NVIC|0x1000|systickFrequency? priorityMask? haltSystickOnDeepSleep?|IRQ SystemResetRequest InSleep InDeepSleep Lockup
IRQControllers.STM32F4_EXTI|0x400|numberOfOutputLines? firstDirectLine?|#
IRQControllers.STM32H7_EXTI|0x400||#
IRQControllers.STM32WBA_EXTI|0x400|numberOfOutputLines|#
Input.FT5336||isRotated? isInvertedX? isInvertedY?|IRQ
MTD.STM32F4_FlashController|0x400|flash|
MTD.STM32H7_FlashController|0x400|flash1 flash2|IRQ
MTD.STM32L0_FlashController|0x400|flash eeprom|
MTD.STM32WBA_FlashController|0x400|flash|NonSecureInterrupt
Memory.ArrayMemory||size? initialValue? source?|
Memory.MappedMemory||size segmentSize? sharedMemoryFileRoot?|
Miscellaneous.BitBanding||peripheralBase|
Miscellaneous.Button||invert?|IRQ
Miscellaneous.CombinedInput||numberOfInputs|OutputLine
Miscellaneous.Crypto.STM32H7_CRYPTO|0x400||IRQ OutDMA
Miscellaneous.DWT|0x1000|frequency|
Miscellaneous.LED||invert?|
Miscellaneous.NRF52840_ECB|0x1000||IRQ
Miscellaneous.NRF52840_EGU|0x1000||IRQ
Miscellaneous.NRF52840_PPI|0x1000||
Miscellaneous.NRF52840_RNG|0x1000||IRQ
Miscellaneous.NRF_CLOCK|0x1000||IRQ
Miscellaneous.STM32F0_RCC|0x400||
Miscellaneous.STM32F4_RCC|0x400|rtcPeripheral|Timer9Reset
Miscellaneous.STM32H7_HardwareSemaphore|0x400||IRQ
Miscellaneous.STM32H7_RCC|0x400||
Miscellaneous.STM32L0_PWR|0x400||IRQ
Miscellaneous.STM32L0_RCC|0x400|rtc? lptimer? systick? apbFrequency? lsiFrequency? lseFrequency? hseFrequency?|
Miscellaneous.STM32L5_RCC|0x400||
Miscellaneous.STM32WBA_PWR|0x400||IRQ
Miscellaneous.STM32WBA_RCC|0x400|nvic? lptim1? lptim2? lsiFrequency? lseFrequency? hseFrequency?|
Miscellaneous.STM32_DMAMUX|0x400|numberOfInputRequestChannels numberOfOutputRequestChannels numberOfRequestGeneratorChannels|#
Miscellaneous.STM32_PWR|0x400||
Miscellaneous.STM32_RNG|0x400|series|IRQ
Miscellaneous.STM32_SYSCFG|0x400||#
Network.EthernetPhysicalLayer|||
Network.SynopsysDWCEthernetQualityOfService|0x1400|systemClockFrequency cpuContext? dmaBusWidth? ptpClockFrequency? rxQueueSize? txQueueSize? dmaChannelCount? externalMacAddress?|IRQ
Network.SynopsysEthernetMAC|0x1400|busWidth? version?|IRQ
Python.PythonPeripheral||size initable? script? filename?|
SD.STM32FSDMMC|0x400||DMAReceive
SD.STM32HSDMMC|0x400||
SPI.NRF52840_SPI|0x1000|easyDMA?|IRQ
SPI.STM32H7_QuadSPI|0x400||IRQ
SPI.STM32H7_SPI|0x400||IRQ DMARecieve
SPI.STM32SPI|0x400|series bufferCapacity?|IRQ DMAReceive DMASend
SPI.STM32WBA_SPI|0x400||
STM32L_RTC|0x400||IRQ
Sensors.ArduCAMMini2MPPlus|||
Sensors.LIS2DW12|||Interrupt1 Interrupt2
Sensors.LSM9DS1_IMU|||
Sensors.LSM9DS1_Magnetic|||
Sound.NRF52840_I2S|0x1000||IRQ
Sound.NRF52840_PDM|0x1000||IRQ
Timers.NRF52840_RTC|0x1000|numberOfEvents|IRQ
Timers.NRF52840_Timer|0x1000|numberOfEvents|IRQ
Timers.NRF52840_Watchdog|0x1000||IRQ
Timers.STM32F4_RTC|0x400|wakeupTimerFrequency?|AlarmIRQ WakeupIRQ
Timers.STM32L0_LpTimer|0x400|frequency|IRQ
Timers.STM32_IndependentWatchdog|0x400|frequency windowOption? defaultPrescaler?|
Timers.STM32_Timer|0x400|frequency initialLimit|IRQ BreakInterrupt UpdateInterrupt TriggerInterrupt CommutationInterrupt CaptureCompareInterrupt #
UART.NRF52840_UART|0x1000|easyDMA?|IRQ
UART.STM32F7_USART|0x400|frequency lowPowerMode?|IRQ ReceiveDmaRequest
UART.STM32_UART|0x400|frequency?|IRQ DMARequest
Video.STM32LTDC|0x1000||IRQ ErrorIRQ
Wireless.NRF52840_Radio|0x1000||IRQ
"""  # noqa: E501

# What our models take and give beyond Renode's: parameters | outputs. A model that learns more gets it written here,
# or its platform files are refused with E13 or E25.
_OURS = """
Analog.STM32_ADC|rcc gate common number dac dacChannel referenceMillivolts temperatureChannel referenceChannel batteryChannel recordConversions|
CRC.STM32_CRC|rcc gate|
DMA.STM32DMA|rcc gate|LastItem0 LastItem1 LastItem2 LastItem9 LastItem10 LastItem17 LastItem19 LastItem23 LastItem25 LastItem31 LastItem32 LastItem41
DMA.STM32LDMA|rcc gate selector|LastItem0 LastItem8 LastItem16 LastItem24 LastItem32 Served0 Served1 Served2 Served3 Served4 Served5 Served6
GPIOPort.NRF52840_GPIO|numberOfPins|
GPIOPort.STM32_GPIOPort|rcc gate registerCount|
I2C.STM32F4_I2C|rcc gate noiseFilter|DmaReceive DmaTransmit Smba
I2C.STM32F7_I2C|rcc gate clockSelection|DmaReceive DmaTransmit Smba
IRQControllers.STM32F4_EXTI|rcc|Event9 Event11 Event15
MTD.STM32F4_FlashController|series|IRQ Boot2
Miscellaneous.NRF_CLOCK||LFCLK
Miscellaneous.STM32F4_RCC|flash hseFrequency lseFrequency series|IRQ
Miscellaneous.STM32_DMAMUX|rcc gate|LastItem5 IRQ Event0 Event1 Event2 Event3
Miscellaneous.STM32_PWR|rcc gate series wakeUpPins|IRQ DBP
Miscellaneous.STM32_RNG|rcc gate clockErrorDetection|
Miscellaneous.STM32_SYSCFG|rcc gate series|BankSwap
Timers.STM32F4_RTC|rcc gate|TimestampIRQ Wake Out
Timers.STM32_IndependentWatchdog|rcc|
Timers.STM32L0_LpTimer|rcc gate clockSelection encoder|Out Wakeup
Timers.STM32_Timer|rcc gate channels complements extended remapChannel remapPosition remapBits remapSources|Ch1 Ch2 Ch3 Ch4 Ch1N Ch2N Ch3N Cc1 Cc2 Cc3 Cc4 Trgo Trgo2 DmaUpdate DmaCc1 DmaCc2 DmaCc3 DmaCc4 DmaTrigger DmaCommutation
UART.SerialCable|first second|
UART.STM32F7_USART|rcc gate clockSelection fifo|DmaTransmit DmaReceive Rts
UART.STM32_UART|rcc gate synchronous|DmaTransmit DmaReceive Rts
"""  # noqa: E501

# Outputs upstream that our model of the type does not have.
NOT_GIVEN: Mapping[str, frozenset[str]] = {
    "Miscellaneous.STM32F4_RCC": frozenset({"Timer9Reset"}),
    "SPI.STM32SPI": frozenset({"DMAReceive", "DMASend"}),
    "Timers.STM32_Timer": frozenset({ANY_NUMBER}),
    "UART.STM32F7_USART": frozenset({"ReceiveDmaRequest"}),
    "UART.STM32_UART": frozenset({"DMARequest"}),
    "IRQControllers.NVIC": frozenset({"SystemResetRequest", "InDeepSleep", "Lockup"}),
}


@dataclass(frozen=True, slots=True)
class RenodeType:
    """`own`: parameters of tinysim alone; an entry that uses one need not give Renode's. `size_bytes` None: unknown.

    `outputs` are Renode's and ours, `upstream_outputs` Renode's alone.
    """

    size_bytes: int | None
    needed: frozenset[str]
    optional: frozenset[str]
    own: frozenset[str]
    outputs: frozenset[str]
    upstream_outputs: frozenset[str]

    @property
    def parameters(self) -> frozenset[str]:
        return self.needed | self.optional | self.own

    def default_output(self) -> str | None:
        """The output of `-> nvic@1`: IRQ, or the only one; None when that is ambiguous."""
        if "IRQ" in self.outputs:
            return "IRQ"
        return next(iter(self.outputs)) if len(self.outputs) == 1 else None


def short_type(name: str) -> str:
    """Renode's type name without the namespace that all of them share."""
    return name.removeprefix(PREFIX)


def find_type(name: str) -> RenodeType | None:
    """What is known of a type, by its short name."""
    return _table().get(name)


@cache
def _table() -> dict[str, RenodeType]:
    ours = {name: (set(own.split()), set(more.split())) for name, own, more in _rows(_OURS)}
    table: dict[str, RenodeType] = {}
    for name, size, parameters, outputs in _rows(_TYPES):
        own, more = ours.get(name, (set(), set()))
        optional = {each.rstrip("?") for each in parameters.split() if each.endswith("?")}
        needed = {each for each in parameters.split() if not each.endswith("?")}
        table[name] = RenodeType(
            int(size, 16) if size else None,
            *(frozenset(names) for names in (needed, optional, own, {*outputs.split(), *more}, outputs.split())),
        )
    return table


def _rows(text: str) -> list[list[str]]:
    return [line.split("|") for line in text.strip().splitlines()]
