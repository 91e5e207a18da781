*** Settings ***
Documentation       The VL53L0X of the IoT node is its identity, and says so of the rest. It takes no samples.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
The Firmware Finds The Sensor
    Start Firmware    iot_sensors.elf    b_l475e_iot01a    usart1
    Wait For Line On Uart    vl53l0x=0x000000ee    timeout=0.1

A Stream For It Is Refused
    Create Machine    platform=b_l475e_iot01a
    Run Keyword And Expect Error    *the platform has no sensor 'ranger'*    Feed Stream    ranger    ${CURDIR}/lis3mdl-samples.csv
