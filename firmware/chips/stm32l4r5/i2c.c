#include "chips/stm32l4r5/i2c.h"

#include "chips/stm32l4r5/clock.h"
#include "chips/stm32l4r5/core.h"

// 400 kHz moves a byte in 22.5 us: far more polls than the longest wait between two flags needs.
enum { POLLS_MAXIMUM = 100000 };
// PRESC makes 25 ns of PCLK1's 120 MHz: SCL is low for 60 of them (1.5 us) and high for 39, with the
// synchronisation 2.5 us; the data stand SCLDEL = 400 ns before SCL rises (RM0432 45.4.10).
enum { PRESC = 2, SCLDEL = 15, SCLH = 38, SCLL = 59 };
_Static_assert(CLOCK_PCLK1_HZ == 120000000, "TIMINGR is for 120 MHz");

enum { RECEIVER = 0 }; // DMA1 channel 1

static uint32_t address; // as it stands in CR2

void i2c_start(uint8_t target_address)
{
    address = (uint32_t)target_address << 1;
    RCC_APB1ENR1 |= RCC_APB1ENR1_I2C1;
    RCC_AHB1ENR |= RCC_AHB1ENR_DMA1 | RCC_AHB1ENR_DMAMUX1;
    (void)RCC_AHB1ENR; // an enabled block answers two cycles later
    I2C_CR1 = 0;
    I2C_TIMINGR = I2C_TIMINGR_OF(PRESC, SCLDEL, SCLH, SCLL);
    I2C_CR1 = I2C_CR1_PE;
}

// ---- polled ----

static bool wait_flag(uint32_t flag)
{
    for (uint32_t polls = 0; polls < POLLS_MAXIMUM; ++polls) {
        uint32_t status = I2C_ISR;
        if (status & (I2C_ISR_NACKF | I2C_ISR_ERRORS)) {
            return false;
        }
        if (status & flag) {
            return true;
        }
    }
    return false;
}

static bool send(uint8_t byte)
{
    bool ok = wait_flag(I2C_ISR_TXIS);
    I2C_TXDR = byte;
    return ok;
}

// After a NACK the STOP comes by itself.
static bool end(bool ok)
{
    for (uint32_t polls = 0; polls < POLLS_MAXIMUM && !(I2C_ISR & I2C_ISR_STOPF); ++polls) {
    }
    I2C_ICR = I2C_ICR_ALL;
    I2C_ISR = I2C_ISR_TXE; // what a NACK has left in TXDR
    return ok;
}

bool i2c_write_register(uint8_t target_register, uint8_t value)
{
    I2C_CR2 = address | I2C_CR2_NBYTES(2) | I2C_CR2_AUTOEND | I2C_CR2_START;
    bool ok = send(target_register) && send(value) && wait_flag(I2C_ISR_STOPF);
    return end(ok);
}

bool i2c_read_registers(uint8_t target_register, uint8_t *buffer, uint32_t size)
{
    I2C_CR2 = address | I2C_CR2_NBYTES(1) | I2C_CR2_START;
    bool ok = send(target_register) && wait_flag(I2C_ISR_TC);
    if (ok) {
        I2C_CR2 = address | I2C_CR2_RD_WRN | I2C_CR2_NBYTES(size) | I2C_CR2_AUTOEND | I2C_CR2_START;
    }
    for (; ok && size > 0; --size) {
        ok = wait_flag(I2C_ISR_RXNE);
        *buffer++ = (uint8_t)I2C_RXDR;
    }
    return end(ok);
}

// ---- by DMA ----

static struct {
    uint8_t target_register;
    uint8_t *buffer;
    uint32_t size;
} prepared;
static i2c_done transfer_done;

void i2c_interrupts(i2c_done done, uint32_t priority)
{
    transfer_done = done;
    core_interrupt_enable(IRQ_I2C1_EV, priority);
    core_interrupt_enable(IRQ_I2C1_ER, priority);
    DMAMUX_CCR(RECEIVER) = DMAMUX_I2C1_RX;
}

void i2c_prepare_read(uint8_t target_register, uint8_t *buffer, uint32_t size)
{
    prepared.target_register = target_register;
    prepared.buffer = buffer;
    prepared.size = size;
}

// The register number waits in TXDR; TC, behind it, turns the direction.
void i2c_begin(void)
{
    DMA_CCR(RECEIVER) = 0;
    DMA_CPAR(RECEIVER) = I2C_RXDR_ADDRESS;
    DMA_CMAR(RECEIVER) = (uint32_t)(uintptr_t)prepared.buffer;
    DMA_CNDTR(RECEIVER) = prepared.size;
    DMA_CCR(RECEIVER) = DMA_CCR_MINC | DMA_CCR_EN;
    I2C_CR1 = I2C_CR1_PE | I2C_CR1_RXDMAEN | I2C_CR1_TCIE | I2C_CR1_STOPIE | I2C_CR1_NACKIE | I2C_CR1_ERRIE;
    I2C_TXDR = prepared.target_register;
    I2C_CR2 = address | I2C_CR2_NBYTES(1) | I2C_CR2_START;
}

static void finish(bool ok)
{
    I2C_CR1 = I2C_CR1_PE;
    I2C_ICR = I2C_ICR_ALL;
    I2C_ISR = I2C_ISR_TXE;
    DMA_CCR(RECEIVER) = 0;
    transfer_done(ok);
}

void I2C1_EV_IRQHandler(void)
{
    uint32_t status = I2C_ISR;
    if (status & I2C_ISR_STOPF) {
        finish(!(status & I2C_ISR_NACKF) && DMA_CNDTR(RECEIVER) == 0);
    } else if (status & I2C_ISR_NACKF) {
        I2C_CR1 &= ~I2C_CR1_NACKIE; // STOP follows
    } else if (status & I2C_ISR_TC) {
        I2C_CR2 = address | I2C_CR2_RD_WRN | I2C_CR2_NBYTES(prepared.size) | I2C_CR2_AUTOEND | I2C_CR2_START;
    }
}

void I2C1_ER_IRQHandler(void)
{
    I2C_CR1 = 0; // lets go of the bus
    finish(false);
}
