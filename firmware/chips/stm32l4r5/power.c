#include "chips/stm32_power.h"

#include "chips/stm32l4r5/core.h"

#define SCB_SCR REGISTER(0xE000ED10u)
#define SCB_SCR_SLEEPDEEP BIT(2)
#define PWR_CR1 REGISTER(0x40007000u)
#define PWR_CR1_LPMS 7u
#define PWR_CR1_LPMS_STANDBY 3u
#define PWR_CR1_DBP BIT(8)
#define PWR_CR3 REGISTER(0x40007008u)
#define PWR_CR3_RRS BIT(8)
#define PWR_SR1 REGISTER(0x40007010u)
#define PWR_SR1_SBF BIT(8)
#define PWR_SCR REGISTER(0x40007018u)
#define PWR_SCR_ALL 0x11Fu
#define RCC_APB1ENR1_RTCAPB BIT(10)
#define RCC_BDCR REGISTER(0x40021090u)
#define RCC_BDCR_RTC_LSI (2u << 8)
#define RCC_BDCR_RTCEN BIT(15)
#define RCC_CSR REGISTER(0x40021094u)
#define RCC_CSR_LSION BIT(0)
#define RCC_CSR_LSIRDY BIT(1)

enum { RTC_LINE = 20, IRQ_RTC_WKUP = 3, PRIORITY = 5 };

static uint32_t lines;

void power_start(uint32_t button_line, uint32_t button_port)
{
    RCC_APB1ENR1 |= RCC_APB1ENR1_PWR | RCC_APB1ENR1_RTCAPB;
    RCC_APB2ENR |= RCC_APB2ENR_SYSCFG;
    (void)RCC_APB2ENR;
    RCC_CSR |= RCC_CSR_LSION;
    while (!(RCC_CSR & RCC_CSR_LSIRDY)) {
    }
    PWR_CR1 |= PWR_CR1_DBP;
    RCC_BDCR = RCC_BDCR_RTC_LSI | RCC_BDCR_RTCEN;
    SYSCFG_EXTICR(button_line) = SYSCFG_EXTICR_FIELD(button_line, button_port);
    lines = BIT(RTC_LINE) | BIT(button_line);
    EXTI_RTSR1 = lines;
    EXTI_IMR1 |= lines;
    core_interrupt_enable(IRQ_RTC_WKUP, PRIORITY);
    core_interrupt_enable(IRQ_EXTI15_10, PRIORITY);
}

void power_sleep(void)
{
    (void)core_lock();
    __asm volatile("dsb\n\twfi" ::: "memory");
}

static void sleep_deeply(uint32_t mode)
{
    PWR_SCR = PWR_SCR_ALL;
    PWR_CR1 = (PWR_CR1 & ~PWR_CR1_LPMS) | mode;
    SCB_SCR |= SCB_SCR_SLEEPDEEP;
    power_sleep();
    SCB_SCR &= ~SCB_SCR_SLEEPDEEP;
}

void power_stop(uint32_t depth)
{
    sleep_deeply(depth);
}

// SRAM2 keeps what it holds.
void power_standby(void)
{
    PWR_CR3 |= PWR_CR3_RRS;
    sleep_deeply(PWR_CR1_LPMS_STANDBY);
}

void power_clear_wake(void)
{
    EXTI_PR1 = lines;
    (void)EXTI_PR1;
    NVIC_ICPR(0) = BIT(IRQ_RTC_WKUP);
    NVIC_ICPR(1) = BIT(IRQ_EXTI15_10 - 32);
    core_unlock(0);
}

bool power_was_standby(void)
{
    RCC_APB1ENR1 |= RCC_APB1ENR1_PWR;
    (void)RCC_APB1ENR1;
    bool was = (PWR_SR1 & PWR_SR1_SBF) != 0;
    PWR_SCR = PWR_SCR_ALL;
    return was;
}
