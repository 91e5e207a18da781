"""Where the core's STM32F4 blocks differ from the vendor's SVD on purpose: peripheral, register, and the reason."""

from __future__ import annotations

Register = tuple[str, str]

_TIMERS_DMA = ("TIM1", "TIM2", "TIM3", "TIM4", "TIM5", "TIM8")
_TIMERS_16 = tuple(f"TIM{n}" for n in range(1, 15) if n not in (2, 5))

NAMES: dict[Register, tuple[str, str]] = {
    ("SYSCFG", "MEMRM"): ("MEMRMP", "RM0090 9.2.1"),
}

RESETS: dict[Register, tuple[int, str]] = {
    ("PWR", "CR"): (0x4000, "RM0090 5.4.1: VOS is 1; the SVD has no VOS"),
    ("PWR", "CSR"): (0x4000, "RM0090 5.4.3: VOSRDY, the regulator is up when the CPU runs"),
    ("GPIOA", "IDR"): (0xA000, "the pull-ups of PA13 and PA15"),
    ("GPIOB", "IDR"): (0x0010, "the pull-up of PB4"),
    **{(name, "SR"): (0xC0, "RM0090 30.6.1; the SVD has 0xC00000") for name in ("USART2", "USART6", "UART4")},
    ("DBG", "DBGMCU_IDCODE"): (0x100F6413, "RM0090 38.6.1: the F407, revision Y; the SVD has another chip's"),
    **{(name, "ARR"): (0xFFFFFFFF, "RM0090 18.4.12; the SVD has 0") for name in ("TIM2", "TIM5")},
    **{(name, "ARR"): (0xFFFF, "RM0090 17.4.12, 18.4.12, 20.4.8; the SVD has 0") for name in _TIMERS_16},
    ("RTC", "SSR"): (0xFF, "RM0090 26.6.11: the counter begins at PREDIV_S; its shadow is assumed to follow at once"),
    ("FLASH", "OPTCR"): (0x0FFFAAED, "RM0090 3.9.10; the SVD has the offset"),
}

RTC_LOCKED = ("TR", "DR", "CR", "ISR", "PRER", "WUTR", "ALRMAR", "ALRMBR", "CALR", "ALRMASSR", "ALRMBSSR")

_I2C = ("I2C1", "I2C3", "F429.I2C1")

WRITES: dict[Register, tuple[int | None, str]] = {  # None: a write starts something, tested elsewhere
    ("RCC", "CR"): (0x050D00F8, "HSION stays while SYSCLK comes from HSI"),
    ("RCC", "CIR"): (0x00003F00, "RM0090 6.3.4: the clear bits read 0"),
    ("RCC", "AHB1ENR"): (0x7E7411FF, "RM0090 6.3.12: CCMDATARAMEN, which the SVD's reset value has as well"),
    ("RCC", "BDCR"): (0x00010000, "all ones holds BDRST, which clears the rest"),
    ("RCC", "CSR"): (0x00000001, "RM0090 6.3.21: the causes are read-only, RMVF clears them"),
    ("PWR", "CR"): (0x43F3, "RM0090 5.4.1: VOS; CWUF and CSBF read 0"),
    ("PWR", "CSR"): (0x0308, "RM0090 5.4.3: VOSRDY is read-only; BRR follows BRE"),
    ("SYSCFG", "CMPCR"): (0x0101, "RM0090 9.2.7: CMP_PD can be written, READY follows it"),
    ("EXTI", "PR"): (0, "rc_w1"),
    **{(name, "LCKR"): (0xFFFF, "LCKK is set by a sequence only") for name in ("GPIOA", "GPIOB", "GPIOI")},
    **{(name, "SR"): (0x40, "rc_w0: of the flags only TC is set at reset") for name in ("USART2", "USART6", "UART4")},
    **{(name, "DR"): (0, "two registers, one for each direction") for name in ("USART2", "USART6", "UART4")},
    **{(name, "CR1"): (None, "all ones holds SWRST; START begins a transfer") for name in _I2C},
    **{(name, "OAR1"): (0xC3FF, "RM0090 27.6.3: bit 14, which software keeps at 1") for name in _I2C},
    **{(name, "SR1"): (0, "rc_w0") for name in _I2C},
    **{(name, "CR1"): (0xEFFF, "CRCNEXT falls: with all ones a CRC is sent") for name in ("SPI1", "SPI2", "I2S2ext")},
    **{(name, "SR"): (0, "CRCERR is rc_w0") for name in ("SPI1", "SPI2", "I2S2ext")},
    **{(name, "DR"): (0, "two registers, one for each direction") for name in ("SPI1", "SPI2", "I2S2ext")},
    ("SPI1", "I2SCFGR"): (0, "RM0090 28.2.2: SPI1 of the F407 has no I2S"),
    ("CRC", "DR"): (None, "a write computes"),
    ("IWDG", "PR"): (0, "locked until KR is 0x5555"),
    ("IWDG", "RLR"): (0, "locked until KR is 0x5555"),
    ("WWDG", "SR"): (0, "rc_w0"),
    ("RNG", "SR"): (0, "rc_w0"),
    **{("RTC", name): (0, "locked until WPR has its keys") for name in (*RTC_LOCKED, "CALIBR")},
    **{(name, "SR"): (0, "rc_w0") for name in (*_TIMERS_16, "TIM2", "TIM5")},
    **{(name, "DMAR"): (None, "a window to other registers") for name in _TIMERS_DMA},
    **{(name, "OR"): (0x0CC0, "one mask for TIM2 (ITR1_RMP) and TIM5 (TI4_RMP)") for name in ("TIM2", "TIM5")},
    **{
        (name, register): (0xFFFF, "RM0090 18.4.10 to 18.4.16: 16 bits; the SVD gives those of TIM2")
        for name in ("TIM3", "TIM4")
        for register in ("CNT", "ARR", "CCR1", "CCR2", "CCR3", "CCR4")
    },
    **{(name, "CR1"): (0x3EF, "all ones is centre-aligned, where DIR is read-only") for name in _TIMERS_DMA},
    **{(name, "CCMR1_Input"): (0xFFFF, "RM0090 19.4.6: IC1F and IC2F have four bits") for name in ("TIM9", "TIM12")},
    **{(name, "CR1"): (0x38F, "RM0090 19.5.1: OPM") for name in ("TIM10", "TIM11", "TIM13", "TIM14")},
    ("ADC1", "SR"): (0, "rc_w0"),
    ("ADC1", "CR2"): (0x3F3F0F03, "SWSTART and JSWSTART start a conversion and read 0"),
    ("ADC1", "SMPR1"): (0x07FFFFFF, "RM0090 13.13.4: nine channels; the SVD has one field"),
    ("ADC1", "SMPR2"): (0x3FFFFFFF, "RM0090 13.13.5: ten channels; the SVD has one field"),
    ("DAC", "SR"): (0, "rc_w1"),
    ("FLASH", "ACR"): (0x1707, "RM0090 3.9.1: ICRST reads 0"),
    ("FLASH", "SR"): (0, "rc_w1"),
    ("FLASH", "CR"): (0, "locked until KEYR is written"),
    ("FLASH", "OPTCR"): (0, "locked until OPTKEYR is written"),
    **{(dma, f"{half}IFCR"): (0, "clears flags, reads 0") for dma in ("DMA1", "DMA2") for half in "LH"},
    **{(dma, f"S{n}CR"): (None, "EN starts the stream") for dma in ("DMA1", "DMA2") for n in range(8)},
}
