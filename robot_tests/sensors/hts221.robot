*** Settings ***
Documentation       The HTS221 with samples of the same stem, on I2C2 of the IoT node: what its calibration makes of its output.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Variables ***
${SAMPLES}      ${CURDIR}/hts221-samples.csv


*** Test Cases ***
The Firmware Finds The Sensor
    Start The IoT Node
    Wait For Line On Uart    hts221=0x000000bc    timeout=0.1

Humidity And Temperature Arrive As They Were Recorded
    Start The IoT Node
    Feed Stream    hygrometer    ${SAMPLES}
    Wait For Line On Uart    TS air humidity=6250 celsius=-325    timeout=0.5

The Monitor Feeds Both
    Start The IoT Node
    Execute Command    sysbus.i2c2.hygrometer FeedHumiditySample 25
    Execute Command    sysbus.i2c2.hygrometer Temperature 37.5
    Wait For Line On Uart    TS air humidity=2500 celsius=3750    timeout=0.5


*** Keywords ***
Start The IoT Node
    Start Firmware    iot_sensors.elf    b_l475e_iot01a    usart1
