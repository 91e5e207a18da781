/* STM32F407: 168 MHz, 5 wait states, prefetch and caches on, and by choice a DMA stream on SRAM1, where all variables are.
   bench_clock = 0 leaves all that out, for an engine without RCC. RM0090 10.5 (DMA), 18.4 (TIM2). */
#include "chip.h"

#include "chips/stm32f407/clock.h"
#include "chips/stm32f407/registers.h"

#define RCC_AHB1ENR_DMA1EN BIT(21)
#define RCC_AHB1ENR_DMA2EN BIT(22)
#define DMA1_S1(offset) REGISTER(0x40026028u + (offset))
#define DMA2_LIFCR REGISTER(0x40026408u)
#define DMA2_S0(offset) REGISTER(0x40026410u + (offset))
#define TIM_DIER_UDE BIT(8)
#define NVIC_ICER(word) REGISTER(0xE000E180u + 4u * (word))

enum { CR = 0x00, NDTR = 0x04, PAR = 0x08, M0AR = 0x0C, FCR = 0x14 };
enum { SCR_EN = 1, SCR_TCIE = 1 << 4, SCR_M2M = 2 << 6, SCR_CIRC = 1 << 8, SCR_PINC = 1 << 9, SCR_MINC = 1 << 10 };
enum { SCR_WORDS = 2 << 11 | 2 << 13, SCR_CHANNEL_3 = 3 << 25, SFCR_FULL_FIFO = 7, STREAM0_FLAGS = 0x3D };
enum { IRQ_DMA2_STREAM0 = 56 };
enum { DMA_SOURCE = 0x20010000, DMA_TARGET = 0x20016000, DMA_WORDS = 0x6000 / 4, RING_WORDS = 1024 };
enum { DMA_NONE = 0, DMA_PACED = 1, DMA_COPY = 2, REQUEST_HZ = 1000000 };

__attribute__((section(".parameters"))) volatile uint32_t bench_cache = 1;
__attribute__((section(".parameters"))) volatile uint32_t bench_clock = 1;
/* 1: TIM2 lets DMA1 put its count into a ring, a word each microsecond. 2: DMA2 copies words without end. */
__attribute__((section(".parameters"))) volatile uint32_t bench_dma = DMA_NONE;

static void start_paced(void)
{
    RCC_APB1ENR |= RCC_APB1ENR_TIM2;
    (void)RCC_APB1ENR;
    DMA1_S1(PAR) = TIM2_BASE + 0x24u; // CNT
    DMA1_S1(M0AR) = DMA_TARGET;
    DMA1_S1(NDTR) = RING_WORDS;
    DMA1_S1(CR) = SCR_CHANNEL_3 | SCR_WORDS | SCR_MINC | SCR_CIRC | SCR_EN;
    TIM_ARR(TIM2_BASE) = CLOCK_TIMERS1_HZ / REQUEST_HZ - 1;
    TIM_DIER(TIM2_BASE) = TIM_DIER_UDE;
    TIM_CR1(TIM2_BASE) = TIM_CR1_CEN;
}

static void start_copy(void)
{
    DMA2_S0(PAR) = DMA_SOURCE;
    DMA2_S0(M0AR) = DMA_TARGET;
    DMA2_S0(NDTR) = DMA_WORDS;
    DMA2_S0(FCR) = SFCR_FULL_FIFO;
    DMA2_S0(CR) = SCR_M2M | SCR_WORDS | SCR_PINC | SCR_MINC | SCR_TCIE | SCR_EN;
}

/* Memory to memory knows no circular mode: each end starts the next. */
static void dma2_stream0_handler(void)
{
    DMA2_LIFCR = STREAM0_FLAGS;
    start_copy();
}

__attribute__((section(".vectors.interrupts"), used)) static void (*const interrupts[])(void) = {
    [IRQ_DMA2_STREAM0] = dma2_stream0_handler,
};

void chip_start(void)
{
    if (!bench_clock) {
        return;
    }
    clock_start_168mhz();
    if (!bench_cache) {
        FLASH_ACR &= ~(FLASH_ACR_PRFTEN | FLASH_ACR_ICEN | FLASH_ACR_DCEN);
    }
    if (bench_dma == DMA_NONE) {
        return;
    }
    RCC_AHB1ENR |= RCC_AHB1ENR_DMA1EN | RCC_AHB1ENR_DMA2EN;
    (void)RCC_AHB1ENR;
    if (bench_dma == DMA_PACED) {
        start_paced();
    } else {
        NVIC_ISER(IRQ_DMA2_STREAM0 >> 5) = BIT(IRQ_DMA2_STREAM0 & 31u);
        start_copy();
    }
}

void chip_stop(void)
{
    if (bench_clock && bench_dma == DMA_PACED) {
        TIM_CR1(TIM2_BASE) = 0;
    } else if (bench_clock && bench_dma == DMA_COPY) {
        NVIC_ICER(IRQ_DMA2_STREAM0 >> 5) = BIT(IRQ_DMA2_STREAM0 & 31u);
    }
}
