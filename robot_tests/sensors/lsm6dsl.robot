*** Settings ***
Documentation       The LSM6DSL with samples of the same stem, on I2C2 of the IoT node: one file plays both of its halves.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Variables ***
${SAMPLES}      ${CURDIR}/lsm6dsl-samples.csv


*** Test Cases ***
The Firmware Finds The Sensor
    Start The IoT Node
    Wait For Line On Uart    lsm6dsl=0x0000006a    timeout=0.1

A Batch Comes At Each Watermark And Nothing Is Lost
    Start The IoT Node
    Wait For Line On Uart    TS done    timeout=1
    ${read}=    Counter    imu.samples_read
    Should Be Equal As Integers    ${read}    100
    ${lost}=    Counter    imu.samples_lost
    Should Be Equal As Integers    ${lost}    0

Both Halves Play The Same File In Step
    Start The IoT Node
    Feed Stream    imu    ${SAMPLES}
    ${line}=    Wait For Line On Uart    TS imu gx=(\\d+) gz=-(\\d+) ax=(\\d+)    treatAsRegex=true    timeout=0.3
    Should Be True    abs(${line.Groups}[0] * 50 - ${line.Groups}[2]) < 200
    Should Be Equal As Integers    ${line.Groups}[0]    ${line.Groups}[1]

The Monitor Feeds The Gyroscope Under Both Of Renode's Names
    Start The IoT Node
    Execute Command    sysbus.i2c2.imu FeedAngularRateSample 10 0 -10
    ${x}=    Execute Command    sysbus.i2c2.imu AngularRateX
    Should Be Equal As Numbers    ${x}    10    precision=3
    Execute Command    sysbus.i2c2.imu FeedAgularRateSample 20 0 -10
    Wait For Line On Uart    TS imu gx=2000 gz=-1000    timeout=0.3


*** Keywords ***
Start The IoT Node
    Start Firmware    iot_sensors.elf    b_l475e_iot01a    usart1
