"""Where the core's STM32L4 blocks differ from the vendor's SVD on purpose: "L4." and peripheral, register, reason."""

from __future__ import annotations

from stm32_register_exceptions import RTC_LOCKED

Register = tuple[str, str]

_TIMERS_32, _TIMERS_16 = ("L4.TIM2", "L4.TIM5"), ("L4.TIM3", "L4.TIM4")
_GENERAL, _ADVANCED, _BASIC = (*_TIMERS_32, *_TIMERS_16), ("L4.TIM1", "L4.TIM8"), ("L4.TIM6", "L4.TIM7")
_SMALL = ("L4.TIM16", "L4.TIM17")
_TIMERS = (*_GENERAL, *_ADVANCED, *_BASIC, *_SMALL, "L4.TIM15")
_TIM15 = (  # the SVD gives TIM15 the registers of TIM16
    ("CR2", 0x7FD, "MMS, TI1S, OIS2"),
    ("DIER", 0x67E7, "CC2IE, CC2DE"),
    ("CCMR1_Input", 0x0101FFFF, "a second channel"),
    ("CCER", 0xBF, "a second channel"),
)

_DFSDM = "L4x2.DFSDM"
_FILTER = (
    "CR1", "CR2", "ISR", "ICR", "JCHGR", "FCR", "JDATAR", "RDATAR", "AWHTR", "AWLTR", "AWSR", "AWCFR", "EXMAX", "EXMIN",
    "CNVTIMR",
)  # fmt: skip

L4_NAMES: dict[Register, tuple[str, str]] = {
    **{(name, "OR"): ("OR1", "RM0351 31.4.20") for name in _GENERAL},
    **{(_DFSDM, f"DFSDM_FLT{n}{name}"): (f"FLT{n}{name}", "RM0351 24.8") for n in range(4) for name in _FILTER},
    (_DFSDM, "DFSDM_FLT1CHGR"): ("FLT1JCHGR", "RM0351 24.8.5"),
}

L4_RESETS: dict[Register, tuple[int, str]] = {
    ("L4.SPI1", "CR2"): (0x0700, "RM0351 42.6.2: frames of 8 bits; the SVD has 0"),
    **{("L4.SAI1", f"{half}SR"): (8, "RM0351 43.5.7: FREQ, the FIFO is empty") for half in "AB"},
    **{(_DFSDM, f"DFSDM_FLT{n}ISR"): (0, "RM0351 24.8.3: CKABF is in filter 0 alone") for n in (1, 2, 3)},
    ("L4.GPIOA", "MODER"): (0xABFFFFFF, "RM0351 8.5.1: analog; the SVD has the F4's"),
    ("L4.GPIOC", "MODER"): (0xFFFFFFFF, "RM0351 8.5.1: analog; the SVD has the F4's"),
    ("L4.GPIOA", "IDR"): (0xA000, "the pull-ups of PA13 and PA15"),
    ("L4.ADC1", "CR"): (0x20000000, "RM0351 18.6.3: DEEPPWD; the SVD has 0"),
    ("L4.ADC1", "CFGR"): (0x80000000, "RM0351 18.6.4: JQDIS, which the SVD lacks"),
    **{("L4.ADC1", f"TR{n}"): (0x00FF0000, "RM0351 18.6.9: eight bits of HT") for n in (2, 3)},
    ("L4.DAC1", "SHRR"): (0x00010001, "RM0351 19.6.20: TREFRESH2 is 1, too"),
    ("L4.DBGMCU", "IDCODE"): (0x100F6413, "the bench has no chip's number; a chip's .toml has its own"),
    **{(name, "ARR"): (0xFFFF, "RM0351 30.4.12, 31.4.12, 32.6.10, 33.4.8; the SVD has 0") for name in _TIMERS},
    **{(name, "ARR"): (0xFFFFFFFF, "RM0351 31.4.12; the SVD has 0") for name in _TIMERS_32},
    **{(name, "OR2"): (1, "RM0351 32.6.18: BKINE is set") for name in _SMALL},
    ("L4.FLASH", "OPTR"): (0xFFEFF8AA, "option bytes from production are loaded before the CPU runs"),
    ("L4.FLASH", "PCROP2ER"): (0x0FFF0000, "as PCROP1ER"),
    **{("L4.FLASH", f"WRP{n}R"): (0xFF00FFFF, "from production: no page") for n in ("1A", "1B", "2A", "2B")},
    ("L4.RTC", "SSR"): (0xFF, "RM0351 38.6.10: it begins at PREDIV_S; its shadow is assumed to follow at once"),
}

_OPTIONS = ("OPTR", "PCROP1SR", "PCROP1ER", "WRP1AR", "WRP1BR", "PCROP2SR", "PCROP2ER", "WRP2AR", "WRP2BR")

L4_WRITES: dict[Register, tuple[int | None, str]] = {  # None: a write starts something, tested elsewhere
    ("L4.RCC", "CR"): (0x150D0B6C, "MSION stays while SYSCLK is MSI; MSIRANGE 12 to 15 is refused"),
    ("L4.RCC", "CFGR"): (0x7700BFF3, "RM0351 6.4.3: MCOPRE can be written"),
    **{("L4.RCC", name): (0x11103, "RM0351 6.4: CRC is bit 12, not 11") for name in ("AHB1RSTR", "AHB1ENR")},
    ("L4.RCC", "AHB1SMENR"): (0x11303, "RM0351 6.4.22: CRC is bit 12, as in the SVD's reset value"),
    ("L4.RCC", "BDCR"): (0x00010000, "all ones holds BDRST, which clears the rest"),
    ("L4.RCC", "CSR"): (1, "MSISRANGE is locked until MSIRGSEL is set; RMVF reads 0"),
    ("L4.ADC1", "ISR"): (0, "rc_w1"),
    ("L4.ADC1", "CR"): (None, "all ones is deep power down; the others start something"),
    ("L4.ADC1", "CFGR"): (0xFFFF7FFF, "RM0351 18.6.4: DFSDMCFG and JQDIS; there is no AUTOFF"),
    ("L4.ADC1", "SMPR1"): (0xBFFFFFFF, "RM0351 18.6.6: SMP0; L4+: SMPPLUS"),
    **{("L4.ADC1", f"AWD{n}CR"): (0x7FFFF, "RM0351 18.6.18: channel 0 as well") for n in (2, 3)},
    ("L4.ADC123_Common", "CCR"): (0x01FFEF1F, "RM0351 18.7.2: PRESC, which the SVD lacks"),
    ("L4.DAC1", "SR"): (0, "rc_w1"),
    ("L4.PWR", "CR1"): (0x4107, "RM0351 5.4.1: VOS of 0 or 3 is refused"),
    ("L4.SYSCFG", "MEMRMP"): (0x107, "RM0351 9.2.1: MEM_MODE has three bits"),
    ("L4.SYSCFG", "SCSR"): (0, "an erase of SRAM2, not modelled"),
    ("L4.SYSCFG", "CFGR2"): (0xF, "SPF is rc_w1"),
    ("L4.EXTI", "PR1"): (0, "rc_w1"),
    ("L4.EXTI", "PR2"): (0, "rc_w1"),
    **{(name, "LCKR"): (0xFFFF, "LCKK is set by a sequence only") for name in ("L4.GPIOA", "L4.GPIOC")},
    ("L4.LPUART1", "CR2"): (0xFF0FB010, "RM0351 41.7.2: an LPUART has no CLKEN"),
    **{(f"L4.I2C{n}", "CR2"): (0x3FF1FFF, "START, STOP, NACK and PECBYTE are set while PE is set") for n in (1, 3)},
    **{(f"L4.I2C{n}", "ISR"): (0, "TXE is written to flush TXDR, TXIS is not modelled") for n in (1, 3)},
    ("L4.SPI1", "CR1"): (0xEFFF, "CRCNEXT falls: with all ones a CRC is sent"),
    ("L4.SPI1", "CR2"): (0x78FF, "RM0351 42.6.2: a DS below 3 is forced to 7"),
    **{("L4.SAI1", f"{half}CR2"): (0xFFF7, "FFLUSH reads 0") for half in "AB"},
    **{("L4.SAI1", f"{half}DR"): (0, "two FIFOs, one for each direction") for half in "AB"},
    ("L4.SAI1", "ASR"): (0, "read-only, as the other half's"),
    ("L4.SAI1", "ACLRFR"): (0, "clears flags, reads 0"),
    ("L4.SPI1", "SR"): (0, "CRCERR is rc_w0"),
    ("L4.SPI1", "DR"): (0, "two FIFOs, one for each direction"),
    **{(_DFSDM, f"CH{n}WDATR"): (0, "RM0351 24.7.4: read-only") for n in range(8)},
    **{(_DFSDM, f"CH{n}DLYR"): (0, "pulse skipping, not modelled") for n in range(8)},
    **{(_DFSDM, f"DFSDM_FLT{n}CR1"): (0x672C7F39, "JEXTSEL has five bits; the start bits read 0") for n in range(4)},
    **{(_DFSDM, f"DFSDM_FLT{n}ICR"): (0, "clears flags, reads 0") for n in range(4)},
    **{(_DFSDM, f"DFSDM_FLT{n}AWCFR"): (0, "clears flags, reads 0") for n in range(4)},
    ("L4.CRC", "DR"): (None, "a write computes"),
    ("L4.CRC", "CR"): (0xF8, "RESET reads 0"),
    **{("L4.IWDG", name): (0, "locked until KR is 0x5555") for name in ("PR", "RLR", "WINR")},
    ("L4.WWDG", "SR"): (0, "rc_w0"),
    ("L4.RNG", "SR"): (0, "rc_w0"),
    **{("L4.RTC", name): (0, "locked until WPR has its keys") for name in (*RTC_LOCKED, "OR")},
    **{
        (name, "CR1"): (0xBEF, "RM0351 30.4.1, 31.4.1: UIFREMAP; DIR is read-only in centre-aligned mode")
        for name in (*_GENERAL, *_ADVANCED)
    },
    **{(name, "CR1"): (0x88F, "RM0351 33.4.1: UIFREMAP") for name in _BASIC},
    **{(name, "CR2"): (0xF57FFD, "RM0351 30.4.2: MMS2, OIS5, OIS6") for name in _ADVANCED},
    **{(name, "SMCR"): (0x1FFF7, "RM0351 30.4.3, 31.4.3: SMS has a fourth bit") for name in (*_GENERAL, *_ADVANCED)},
    **{(name, "DIER"): (0x5F5F, "RM0351 31.4.4: there is no COMDE") for name in _GENERAL},
    **{(name, "SR"): (0, "rc_w0") for name in _TIMERS},
    **{
        (name, f"CCMR{n}_Input"): (0x0101FFFF, "RM0351 30.4.7, 31.4.7: OCxM has a fourth bit")
        for name in (*_GENERAL, *_ADVANCED)
        for n in (1, 2)
    },
    **{(name, "CCMR1_Input"): (0x100FF, "RM0351 32.6.6: OC1M has a fourth bit") for name in _SMALL},
    **{(name, "CCER"): (0x33BFFF, "RM0351 30.4.9: CC4NP, CC5 and CC6") for name in _ADVANCED},
    **{(name, "RCR"): (0xFFFF, "RM0351 30.4.13: 16 bits") for name in _ADVANCED},
    **{
        (name, "BDTR"): (None, "LOCK freezes bits as soon as it is written")
        for name in (*_ADVANCED, *_SMALL, "L4.TIM15")
    },
    **{
        (name, "CCMR3_Output"): (0x0101FCFC, "RM0351 30.4.22: OC5M[3] and OC6M[3]; the SVD has OC5M[3] three bits wide")
        for name in _ADVANCED
    },
    **{(name, "DMAR"): (None, "a window to other registers") for name in _TIMERS},
    **{
        (name, register): (0xFFFF, "RM0351 31.4.10 to 31.4.17: 16 bits; the SVD gives those of TIM2")
        for name in _TIMERS_16
        for register in ("CNT", "ARR", "CCR1", "CCR2", "CCR3", "CCR4")
    },
    **{(name, "CNT"): (0xFFFF, "RM0351 32.6.8: bit 31 is a copy of UIF") for name in (*_SMALL, "L4.TIM15")},
    **{("L4.TIM15", register): (bits, f"RM0351 32.5: {why}") for register, bits, why in _TIM15},
    **{(f"L4.LPTIM{n}", register): (0, "writable while ENABLE is set") for n in (1, 2) for register in ("CMP", "ARR")},
    ("L4.FLASH", "ACR"): (0x5F07, "RUN_PD is locked until PDKEYR is written"),
    ("L4.FLASH", "SR"): (0, "rc_w1"),
    ("L4.FLASH", "CR"): (0, "locked until KEYR is written"),
    ("L4.FLASH", "ECCR"): (0x01000000, "ECCC and ECCD are rc_w1"),
    **{("L4.FLASH", name): (0, "locked until OPTKEYR is written") for name in _OPTIONS},
    **{(dma, f"CCR{n}"): (None, "EN starts the channel") for dma in ("L4.DMA1", "L4.DMA2") for n in range(1, 8)},
}
