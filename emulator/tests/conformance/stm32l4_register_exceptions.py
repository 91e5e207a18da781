"""Where the core's STM32L4 blocks differ from the vendor's SVD on purpose: "L4." and peripheral, register, reason."""

from __future__ import annotations

Register = tuple[str, str]

L4_NAMES: dict[Register, tuple[str, str]] = {}

L4_RESETS: dict[Register, tuple[int, str]] = {
    ("L4.GPIOA", "MODER"): (0xABFFFFFF, "RM0351 8.5.1: analog; the SVD has the F4's"),
    ("L4.GPIOC", "MODER"): (0xFFFFFFFF, "RM0351 8.5.1: analog; the SVD has the F4's"),
    ("L4.GPIOA", "IDR"): (0xA000, "the pull-ups of PA13 and PA15"),
    ("L4.DBGMCU", "IDCODE"): (0x100F6413, "the bench has no chip's number; a chip's .toml has its own"),
    ("L4.TIM2", "ARR"): (0xFFFFFFFF, "RM0351 31.4.12; the SVD has 0"),
    ("L4.TIM3", "ARR"): (0xFFFF, "RM0351 31.4.12; the SVD has 0"),
    ("L4.TIM6", "ARR"): (0xFFFF, "RM0351 33.4.8; the SVD has 0"),
    ("L4.FLASH", "OPTR"): (0xFFEFF8AA, "option bytes from production are loaded before the CPU runs"),
    ("L4.FLASH", "PCROP2ER"): (0x0FFF0000, "as PCROP1ER"),
}

_OPTIONS = ("OPTR", "PCROP1SR", "PCROP1ER", "WRP1AR", "WRP1BR", "PCROP2SR", "PCROP2ER", "WRP2AR", "WRP2BR")
_TIMERS = ("L4.TIM2", "L4.TIM3")

L4_WRITES: dict[Register, tuple[int | None, str]] = {  # None: a write starts something, tested elsewhere
    ("L4.RCC", "CR"): (0x150D0B6C, "MSION stays while SYSCLK is MSI; MSIRANGE 12 to 15 is refused"),
    ("L4.RCC", "CFGR"): (0x7700BFF3, "RM0351 6.4.3: MCOPRE can be written"),
    **{("L4.RCC", name): (0x11103, "RM0351 6.4: CRC is bit 12, not 11") for name in ("AHB1RSTR", "AHB1ENR")},
    ("L4.RCC", "AHB1SMENR"): (0x11303, "RM0351 6.4.22: CRC is bit 12, as in the SVD's reset value"),
    ("L4.RCC", "BDCR"): (0x00010000, "all ones holds BDRST, which clears the rest"),
    ("L4.RCC", "CSR"): (1, "MSISRANGE is locked until MSIRGSEL is set; RMVF reads 0"),
    ("L4.PWR", "CR1"): (0x4107, "RM0351 5.4.1: VOS of 0 or 3 is refused"),
    ("L4.SYSCFG", "MEMRMP"): (0x107, "RM0351 9.2.1: MEM_MODE has three bits"),
    ("L4.SYSCFG", "SCSR"): (0, "an erase of SRAM2, not modelled"),
    ("L4.SYSCFG", "CFGR2"): (0xF, "SPF is rc_w1"),
    ("L4.EXTI", "PR1"): (0, "rc_w1"),
    ("L4.EXTI", "PR2"): (0, "rc_w1"),
    **{(name, "LCKR"): (0xFFFF, "LCKK is set by a sequence only") for name in ("L4.GPIOA", "L4.GPIOC")},
    ("L4.LPUART1", "CR2"): (0xFF0FB010, "RM0351 41.7.2: an LPUART has no CLKEN"),
    ("L4.CRC", "DR"): (None, "a write computes"),
    ("L4.CRC", "CR"): (0xF8, "RESET reads 0"),
    **{("L4.IWDG", name): (0, "locked until KR is 0x5555") for name in ("PR", "RLR", "WINR")},
    **{(name, "DIER"): (0x5F5F, "RM0351 31.4.4: there is no COMDE") for name in _TIMERS},
    **{(name, "SR"): (0, "rc_w0") for name in (*_TIMERS, "L4.TIM6")},
    **{(name, "DMAR"): (0, "a window to other registers, not modelled") for name in _TIMERS},
    **{(name, "OR"): (None, "the remaps are not modelled") for name in _TIMERS},
    ("L4.TIM3", "CNT"): (0xFFFF, "RM0351 31.4.10: 16 bits; the SVD gives those of TIM2"),
    ("L4.TIM3", "ARR"): (0xFFFF, "RM0351 31.4.12: 16 bits; the SVD gives those of TIM2"),
    ("L4.FLASH", "ACR"): (0x5F07, "RUN_PD is locked until PDKEYR is written"),
    ("L4.FLASH", "SR"): (0, "rc_w1"),
    ("L4.FLASH", "CR"): (0, "locked until KEYR is written"),
    ("L4.FLASH", "ECCR"): (0x01000000, "ECCC and ECCD are rc_w1"),
    **{("L4.FLASH", name): (0, "locked until OPTKEYR is written") for name in _OPTIONS},
    **{(dma, f"CCR{n}"): (None, "EN starts the channel") for dma in ("L4.DMA1", "L4.DMA2") for n in range(1, 8)},
}
