/* Workload e: waits for a status flag as vendors' libraries do: the register through its block, the flag, a time-out by
   SysTick's milliseconds. USART1 of the STM32F407 with nothing connected: RXNE never comes. RM0090 30. */
#include "bench.h"

#include "chips/stm32f407/clock.h"
#include "chips/stm32f407/registers.h"

typedef struct {
    volatile uint32_t SR, DR, BRR, CR1, CR2, CR3;
} usart_block;

typedef struct {
    usart_block *block;
    uint32_t errors;
} usart_handle;

#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)

enum { RCC_APB2ENR_USART1 = 1 << 4, CR1_RE = 1 << 2, CR1_UE = 1 << 13, SR_RXNE = 1 << 5 };
enum { TICK_HZ = 1000, TIMEOUT_TICKS = 10, CSR_ON = 7 };

static volatile uint32_t tick;

void systick_handler(void)
{
    ++tick;
}

static __attribute__((noinline)) uint32_t get_tick(void)
{
    return tick;
}

/* 1: the time was over before the flag came. */
static __attribute__((noinline)) uint32_t wait_for(usart_handle *usart, uint32_t flag, uint32_t start, uint32_t timeout_ticks)
{
    while ((usart->block->SR & flag) != flag) {
        if (timeout_ticks == 0 || get_tick() - start > timeout_ticks) {
            ++usart->errors;
            return 1;
        }
    }
    return 0;
}

uint32_t bench_run(uint32_t iterations)
{
    usart_handle usart = {.block = (usart_block *)0x40011000u};
    uint32_t checksum = 2166136261u;
    RCC_APB2ENR |= RCC_APB2ENR_USART1;
    (void)RCC_APB2ENR; // an enabled block answers two cycles later
    usart.block->CR1 = CR1_UE | CR1_RE;
    SYST_RVR = CLOCK_HCLK_HZ / TICK_HZ - 1;
    SYST_CVR = 0;
    SYST_CSR = CSR_ON;
    for (uint32_t round = 0; round < iterations; round++) {
        checksum = checksum_word(checksum, wait_for(&usart, SR_RXNE, get_tick(), TIMEOUT_TICKS));
    }
    SYST_CSR = 0;
    return checksum_word(checksum, usart.errors);
}
