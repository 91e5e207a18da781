*** Settings ***
Documentation       `Provides` and `Requires`: a test goes on where an earlier one of the suite was.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
A Shell That Was Pinged Once Is Provided
    Start Shell
    Create Led Tester    led1
    Write Line To Uart    ping
    Wait For Prompt On Uart    >
    Provides    pinged once

It Counts On From There
    Requires    pinged once
    Write Line To Uart    ping
    Wait For Line On Uart    TS pong n=2

It Is The Same State Again
    Requires    pinged once
    Write Line To Uart    ping
    Wait For Line On Uart    TS pong n=2

Testers Come Back With It
    Requires    pinged once
    Write To Uart    on\r
    Assert Led State    true    timeout=0.1    pauseEmulation=true    testerId=0

The Tap Application At Its First Window Is Provided
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS win n=0
    Provides    first window

A Recording Plays On From A State
    Requires    first window
    ${event}=    Wait For Line On Uart    TS event    timeout=3
    Should Contain    ${event.Line}    class=single
    Should Have Lost No Samples

A State That Nobody Provided Is Named
    Run Keyword And Expect Error    *Required state golden not found.*    Requires    golden
