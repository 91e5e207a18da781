*** Settings ***
Documentation       The log keywords: warnings of the devices, accesses without a model, the Monitor's own notes.
Resource            ../resources/tinysim.resource
Test Setup          Create Log Tester    1    defaultPauseEmulation=true
Test Teardown       Reset Emulation


*** Test Cases ***
An Access Without A Model Is In The Log
    Start Shell
    Write To Uart    peek\r
    ${entry}=    Wait For Log Entry    non existing peripheral at 0x40027400
    Should Start With    ${entry}    sysbus: [cpu: 0x

A Warning Of A Device Is In The Log
    Start Firmware    stm32_dma_memory.elf    stm32f4_discovery    usart2
    Wait For Log Entry    dma2 stream 0: S0M0AR 0x10000000    level=Warning

An Entry Is Taken Once Unless It Is Kept
    Execute Command    log "one thing"
    Wait For Log Entry    one thing    keep=true    timeout=0
    Wait For Log Entry    one thing    timeout=0
    Run Keyword And Expect Error    *Expected pattern "one thing" did not appear in the log*
    ...    Wait For Log Entry    one thing    timeout=0

An Expression Finds An Entry
    Execute Command    log "value 42 of 50"
    Wait For Log Entry    value \\d+ of (50|60)    treatAsRegex=true    timeout=0

What Should Not Be In The Log Is Waited Out
    Start Firmware    hello.elf
    Should Not Be In Log    non existing    timeout=0.5
    ${now}=    Virtual Time
    Should Be True    ${now} >= 0.5

A Failing String Ends Any Wait
    Start Shell
    Register Failing Log String    non existing peripheral
    Write To Uart    peek\r
    Run Keyword And Expect Error    *Test failing entry has been found in log*
    ...    Wait For Line On Uart    never    timeout=0.2
    Unregister Failing Log String    non existing peripheral

The Log Can Be Saved
    Execute Command    log "to be kept"
    ${file}=    Allocate Temporary File
    Save Cached Log    ${file}
    ${text}=    Evaluate    pathlib.Path($file).read_text()    modules=pathlib
    Should Contain    ${text}    to be kept

History Can Be Forgotten
    Execute Command    log "old news"
    Clear Log Tester History
    Should Not Be In Log    old news    timeout=0
