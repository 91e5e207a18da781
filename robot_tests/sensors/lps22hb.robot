*** Settings ***
Documentation       The LPS22HB with samples of the same stem, on I2C2 of the IoT node.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Variables ***
${SAMPLES}      ${CURDIR}/lps22hb-samples.csv


*** Test Cases ***
The Firmware Finds The Sensor
    Start The IoT Node
    Wait For Line On Uart    lps22hb=0x000000b1    timeout=0.1

The Pressure Arrives As It Was Recorded
    Start The IoT Node
    Feed Stream    barometer    ${SAMPLES}
    Wait For Line On Uart    pascal=98764    timeout=0.5

The Monitor Feeds Hectopascal
    Start The IoT Node
    Execute Command    sysbus.i2c2.barometer FeedPressureSample 1000
    Wait For Line On Uart    pascal=100000    timeout=0.5


*** Keywords ***
Start The IoT Node
    Start Firmware    iot_sensors.elf    b_l475e_iot01a    usart1
