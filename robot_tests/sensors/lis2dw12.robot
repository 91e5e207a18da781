*** Settings ***
Documentation       The LIS2DW12 with samples of the same stem: what is fed is what the firmware reads.
...                 A new sensor is one file like this one, with its samples beside it.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Variables ***
${SAMPLES}      ${CURDIR}/lis2dw12-samples.csv


*** Test Cases ***
The Firmware Finds The Sensor
    Start Firmware With Stream    tap.elf    ${SAMPLES}
    Wait For Line On Uart    TS boot
    Should Not Be On Uart    TS error    timeout=0.5

The Sensor Produces Samples At Its Output Data Rate
    Start Firmware With Stream    tap.elf    ${SAMPLES}
    Run For    1.0
    ${produced}=    Counter    accelerometer.samples_produced
    Should Be True    198 <= ${produced} <= 200

The Firmware Reads All That Is Produced
    Start Firmware With Stream    tap.elf    ${SAMPLES}
    Run For    1.5
    ${produced}=    Counter    accelerometer.samples_produced
    ${read}=    Counter    accelerometer.samples_read
    Should Be True    ${produced} - ${read} < 21
    Should Have Lost No Samples

The Samples Arrive As They Were Recorded
    Start Firmware With Stream    tap.elf    ${SAMPLES}
    Wait For Line On Uart    TS win n=0 class=none    timeout=1
    Should Have Lost No Samples

A Stream For A Sensor That Is Not There Is Refused
    Create Machine    platform=nrf52840dk
    Run Keyword And Expect Error    *the platform has no sensor 'gyroscope' (it has: *accelerometer*
    ...    Feed Stream    gyroscope    ${SAMPLES}

A Stream That Is Not There Is Refused
    Create Machine    platform=nrf52840dk
    Run Keyword And Expect Error    *missing.csv*    Feed Stream    accelerometer    ${CURDIR}/missing.csv

The Monitor Feeds A File
    Start Firmware    tap.elf
    Execute Command    sysbus.twi0.accelerometer FeedAccelerationSamplesFromRESD @${SAMPLES}
    Run For    1.6
    ${x}=    Execute Command    sysbus.twi0.accelerometer AccelerationX
    Should Be True    0.8 < ${x.strip()} < 0.9

The Monitor Feeds One Sample
    Start Firmware    tap.elf
    Execute Command    sysbus.twi0.accelerometer FeedAccelerationSample 0 0.5 0.25
    Run For    0.1
    ${y}=    Execute Command    sysbus.twi0.accelerometer AccelerationY
    Should Be Equal As Numbers    ${y}    0.5

A Feeding Method That Does Not Exist Is Named
    Start Firmware    tap.elf
    Run Keyword And Expect Error    *FeedTemperature*
    ...    Execute Command    sysbus.twi0.accelerometer FeedTemperature 3
