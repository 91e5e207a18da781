*** Settings ***
Documentation       What a busy system does to a firmware: interrupt load and DMA traffic by parts of the core.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
Interrupt Load Makes The Inference Slower
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Watch Stage    inference    nn_invoke
    Wait For Line On Uart    TS win n=0
    ${alone}=    Stage Cycles    inference
    Inject Interrupt Load    uart0    20000
    Wait For Line On Uart    TS win n=2
    ${loaded}=    Stage Cycles    inference
    Should Be True    ${loaded} > ${alone} + 1000

Moderate Interrupt Load Loses No Samples
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS win n=0
    Inject Interrupt Load    uart0    20000
    Wait For Line On Uart    TS event    timeout=3
    Should Have Lost No Samples

The Load Has The Rate That Was Asked For
    Start Firmware    timer_ppi.elf
    Run For    0.1
    Inject Interrupt Load    uart0    7000
    Run For    0.2
    ${pulses}=    Counter    irq_load.pulses
    Should Be True    1399 <= ${pulses} <= 1401

A Load Can Be Stopped
    Start Firmware    timer_ppi.elf
    Run For    0.1
    Inject Interrupt Load    uart0    7000
    Stop Load    irq_load
    Run For    0.1
    ${pulses}=    Counter    irq_load.pulses
    Should Be Equal As Integers    ${pulses}    0

A Load On An Interrupt That Is Off Is Refused
    Start Firmware    timer_ppi.elf
    Run For    0.1
    Run Keyword And Expect Error    *interrupt 17 is not enabled*    Inject Interrupt Load    rtc1    1000

DMA Traffic On The Same RAM Makes The Inference Slower
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv    stm32f4_discovery    usart2
    Watch Stage    inference    nn_invoke
    Wait For Line On Uart    TS win n=0
    ${alone}=    Stage Cycles    inference
    Start DMA Traffic    20000000    address=0x20000000
    Wait For Line On Uart    TS win n=2
    ${loaded}=    Stage Cycles    inference
    Should Be True    ${loaded} > ${alone}

DMA Traffic Has The Rate That Was Asked For
    Start Firmware    timer_ppi.elf
    Start DMA Traffic    1000000
    Run For    0.05
    ${beats}=    Counter    dma_traffic.beats
    Should Be True    49999 <= ${beats} <= 50001

DMA Traffic Outside RAM Is Refused
    Start Firmware    timer_ppi.elf
    Run Keyword And Expect Error    *needs a buffer of whole words in RAM*    Start DMA Traffic    1000    address=0x0
