*** Settings ***
Documentation       The LIS3MDL with samples of the same stem, on I2C2 of the IoT node.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Variables ***
${SAMPLES}      ${CURDIR}/lis3mdl-samples.csv


*** Test Cases ***
The Firmware Finds The Sensor
    Start The IoT Node
    Wait For Line On Uart    lis3mdl=0x0000003d    timeout=0.1

The Field Arrives As It Was Recorded
    Start The IoT Node
    Feed Stream    magnetometer    ${SAMPLES}
    ${line}=    Wait For Line On Uart    TS field x=(\\d+) z=-(\\d+)    treatAsRegex=true    timeout=0.5
    Should Be True    abs(${line.Groups}[0] - 200) < 2
    Should Be True    380 < ${line.Groups}[1] < 400

The Monitor Feeds Gauss
    Start The IoT Node
    Execute Command    sysbus.i2c2.magnetometer FeedMagneticSample 0.5 0 -0.25
    Wait For Line On Uart    TS field x=500 z=-250    timeout=0.5


*** Keywords ***
Start The IoT Node
    Start Firmware    iot_sensors.elf    b_l475e_iot01a    usart1
