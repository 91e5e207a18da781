*** Settings ***
Documentation       Faults that a suite injects, and what the firmware makes of them.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
A Sensor That Loses Its Bus Is Reported
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS win n=0
    Inject Fault    bus-lost    part=accelerometer
    Wait For Line On Uart    TS error what=accelerometer_bus    timeout=2

A Sensor That Comes Back Is Read Again
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS win n=0
    Inject Fault    bus-lost    part=accelerometer
    Wait For Line On Uart    TS error what=accelerometer_bus    timeout=2
    Inject Fault    bus-back    part=accelerometer
    Wait For Line On Uart    TS win    timeout=3

A Sensor That Was Never There Is Reported
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Inject Fault    bus-lost    part=accelerometer
    Wait For Line On Uart    TS error    timeout=2

A Bit That Flips In RAM Stays Flipped
    Start Shell
    Execute Command    sysbus WriteDoubleWord 0x2003F000 0xA5
    Inject Fault    bit-flip    address=0x2003F000    bit=1
    ${value}=    Execute Command    sysbus ReadDoubleWord 0x2003F000
    Should Contain    ${value}    0x000000A7

A Bit That Flips In Code Makes A Fault Or A Wrong Answer
    Start Shell
    ${symbol}=    Execute Command    sysbus GetSymbolAddress "line_end"
    ${address}=    Evaluate    int($symbol.strip(), 16) & ~1
    Inject Fault    bit-flip    address=${address}    bit=7
    Write To Uart    ping\r
    Run Keyword And Expect Error    *    Wait For Line On Uart    TS pong n=1    timeout=0.1

Noise On The Console Is An Unknown Command
    Start Shell
    Inject Fault    noise    part=uart0    content=#?%\r
    Wait For Line On Uart    TS unknown bytes=3    timeout=0.1

A Glitch On The Sensor's Interrupt Does No Harm
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS win n=0
    Inject Fault    glitch    part=gpio0    pin=28
    Wait For Line On Uart    TS event    timeout=3

An Unknown Fault Is Refused By Name
    Start Shell
    Run Keyword And Expect Error    *there is no fault 'lightning': bus-lost*    Inject Fault    lightning

A Part Without An I2C Bus Cannot Lose It
    Start Shell
    Run Keyword And Expect Error    *'led1' is on no I2C bus*    Inject Fault    bus-lost    part=led1
