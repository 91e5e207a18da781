*** Settings ***
Documentation       The LIS3DSH with samples of the same stem, on SPI1 of the STM32F4 Discovery.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Variables ***
${SAMPLES}      ${CURDIR}/lis3dsh-samples.csv


*** Test Cases ***
The Firmware Finds The Sensor
    Start The Discovery
    Wait For Line On Uart    lis3dsh=0x0000003f    timeout=0.1

A Batch Comes At Each Watermark And Nothing Is Lost
    Start The Discovery
    Feed Stream    lis3dsh    ${SAMPLES}
    Wait For Line On Uart    TS batch n=0 x=42    timeout=0.3
    Wait For Line On Uart    TS done    timeout=1
    ${read}=    Counter    lis3dsh.samples_read
    Should Be Equal As Integers    ${read}    96
    Should Have Lost No Samples

A FIFO That Nobody Reads Is A Loss In The Report
    Start The Discovery
    Run For    1.6
    ${overruns}=    Counter    lis3dsh.overruns
    Should Be Equal As Integers    ${overruns}    1
    Report Should Have Finding    samples-lost


*** Keywords ***
Start The Discovery
    Start Firmware    stm32_lis3dsh.elf    stm32f4_discovery    usart2
