// Drives platforms/models/*.cs through Api.cs, as firmware would: a line per check, "ok NAME" or "WRONG NAME ...".
// With the argument "registers": one line per register of each model, "Model REGISTER offset reset".
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Analog;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.DMA;
using Antmicro.Renode.Peripherals.I2C;
using Antmicro.Renode.Peripherals.Memory;
using Antmicro.Renode.Peripherals.MTD;
using Antmicro.Renode.Peripherals.Sound;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Peripherals.UART;

public class Target : II2CPeripheral
{
    public readonly List<string> Seen = new List<string>();
    private byte next = 0x40;
    public void Reset() { }
    public void Write(byte[] data) { Seen.Add("W" + BitConverter.ToString(data)); }
    public byte[] Read(int count = 1)
    {
        Seen.Add("R" + count);
        return Enumerable.Range(0, count).Select(_ => next++).ToArray();
    }
    public void FinishTransmission() { Seen.Add("P"); }
    public string Story { get { return string.Join(" ", Seen); } }
}

public static class Drive
{
    public static int Main(string[] arguments)
    {
        if(arguments.Length > 0 && arguments[0] == "registers")
        {
            Registers();
            return 0;
        }
        foreach(var check in new Action[] { Twim, TwimErrors, Nvmc, Saadc, Pdm, Timer, TimerCounter, UsartByDma, DmaDoubleBuffer, I2cByHand, I2cByDma })
        {
            Logger.Lines.Clear();
            check();
        }
        return 0;
    }

    private static void Twim()
    {
        var machine = new IMachine();
        var twim = new NRF52840_TWI_TWIM(machine);
        var target = new Target();
        twim.Register(target, 0x19);
        machine.SystemBus.Ram[0x20000000] = 0x28;
        Write(twim, 0x500, 6, 0x588, 0x19, 0x544, 0x20000000, 0x548, 1, 0x534, 0x20000100, 0x538, 3, 0x200, (1 << 7) | (1 << 12), 0x304, 1 << 1);
        Write(twim, 0x008, 1);
        Is("twim target", "W28 R3 P", target.Story);
        Is("twim memory", "40-41-42", BitConverter.ToString(machine.SystemBus.ReadBytes(0x20000100, 3)));
        Is("twim events", "1 1 1 1 1 0", Values(twim, 0x104, 0x14C, 0x150, 0x15C, 0x160, 0x124));
        Is("twim amounts", "3 1 True", Values(twim, 0x53C, 0x54C) + " " + twim.IRQ.IsSet);
        Write(twim, 0x104, 0);
        Is("twim interrupt falls", "False", twim.IRQ.IsSet);
        Write(twim, 0x540, 1, 0x200, 1 << 12);
        Write(twim, 0x000, 1);
        Is("twim list", "536871171", Values(twim, 0x534));
        Is("twim log", "", string.Join("|", Logger.Lines));
    }

    private static void TwimErrors()
    {
        var twim = new NRF52840_TWI_TWIM(new IMachine());
        twim.Register(new Target(), 0x19);
        Write(twim, 0x000, 1);
        Write(twim, 0x500, 6, 0x588, 0x50, 0x548, 1, 0x008, 1);
        Is("twim nobody answers", "1 2 0", Values(twim, 0x124, 0x4C4, 0x160));
        Write(twim, 0x588, 0x19, 0x538, 1, 0x200, (1 << 7) | (1 << 10), 0x008, 1);
        Is("twim shorts in a ring", "Warning started while ENABLE is 0|Error the shorts start transfers for ever; stopped here", string.Join("|", Logger.Lines));
    }

    private static void Nvmc()
    {
        var machine = new IMachine();
        var nvmc = new NRF52840_NVMC(machine, new MappedMemory());
        Write(nvmc, 0x508, 0x1000);
        Is("nvmc without EEN", "0", machine.SystemBus.Ram.Count);
        Write(nvmc, 0x504, 2, 0x508, 0x1000);
        Is("nvmc erases", "4096 FF", machine.SystemBus.Ram.Count + " " + BitConverter.ToString(machine.SystemBus.ReadBytes(0x1FFF, 1)));
        Write(nvmc, 0x504, 4, 0x51C, 50, 0x518, 0x2000);
        Is("nvmc erases a part", "4096", machine.SystemBus.Ram.Count);
        Write(nvmc, 0x518, 0x2000);
        Is("nvmc erases the rest", "8192", machine.SystemBus.Ram.Count);
    }

    private static void Saadc()
    {
        var machine = new IMachine();
        var saadc = new NRF52840_SAADC(machine);
        saadc.FeedSample(100, 0, 2);
        saadc.FeedSample(-5, 3);
        Write(saadc, 0x500, 1, 0x510, 1, 0x540, 2, 0x62C, 0x20000000, 0x630, 4, 0x51C, 0x00400000, 0x304, 1 << 1);
        Write(saadc, 0x000, 1, 0x004, 1);
        Is("saadc half", "2 0 1", Values(saadc, 0x634, 0x104, 0x118));
        Write(saadc, 0x62C, 0x20000800, 0x004, 1, 0x004, 1);
        Is("saadc end", "4 1 True", Values(saadc, 0x634, 0x104) + " " + saadc.IRQ.IsSet);
        Is("saadc memory", "64-00-FB-FF-64-00-FB-FF", BitConverter.ToString(machine.SystemBus.ReadBytes(0x20000000, 8)));
        Is("saadc log", "Warning a sample without a started buffer is lost", string.Join("|", Logger.Lines));
    }

    private static void Pdm()
    {
        var file = Path.GetTempFileName();
        File.WriteAllBytes(file, new byte[] { 1, 0, 2, 0, 3, 0, 4, 0, 0, 0x80 });
        var machine = new IMachine();
        var pdm = new NRF52840_PDM_DoubleBuffered(machine);
        var said = new List<uint>();
        pdm.EventTriggered += said.Add;
        pdm.SetInputFile(file);
        Write(pdm, 0x500, 1, 0x508, 1, 0x560, 0x20000000, 0x564, 2, 0x000, 1);
        Write(pdm, 0x560, 0x20000010);
        LimitTimer.Advance(2 * 31 * 64 - 1);
        Is("pdm not yet", "256", string.Join(" ", said));
        LimitTimer.Advance(1);
        Is("pdm first buffer", "256 264 256", string.Join(" ", said));
        Write(pdm, 0x560, 0x20000020, 0x518, 0x28 + 12);
        LimitTimer.Advance(2 * 2 * 31 * 64);
        Write(pdm, 0x004, 1);
        LimitTimer.Advance(2 * 31 * 64);
        Is("pdm buffers", "01-00-02-00 06-00-08-00 00-80-00-00", string.Join(" ", new ulong[] { 0, 16, 32 }.Select(at => BitConverter.ToString(machine.SystemBus.ReadBytes(0x20000000 + at, 4)))));
        Is("pdm stops", "1", Values(pdm, 0x104));
        File.Delete(file);
    }

    private static void Timer()
    {
        var timer = new NRF52840_Timer_Shorts(new IMachine(), 4);
        var said = new List<uint>();
        timer.EventTriggered += said.Add;
        Write(timer, 0x510, 0, 0x508, 3, 0x540, 10, 0x544, 4, 0x200, 1, 0x304, 1 << 16, 0x000, 1);
        LimitTimer.Advance(2 * 9);
        Is("timer before", "324 False", string.Join(" ", said) + " " + timer.IRQ.IsSet);
        LimitTimer.Advance(2);
        Is("timer compare", "324 320 True", string.Join(" ", said) + " " + timer.IRQ.IsSet);
        LimitTimer.Advance(2 * 3);
        Write(timer, 0x048, 1);
        Is("timer is cleared by its short", "3", Values(timer, 0x548));
        LimitTimer.Advance(2 * 27);
        Is("timer goes on", "324 320 324 320 324 320 324 320", string.Join(" ", said.Where(one => one != 328)));
        Write(timer, 0x200, 0x100);
        LimitTimer.Advance(2 * 50);
        Write(timer, 0x04C, 1);
        Is("timer is stopped by its short", "10", Values(timer, 0x54C));
    }

    private static void TimerCounter()
    {
        var timer = new NRF52840_Timer_Shorts(new IMachine(), 4);
        Write(timer, 0x504, 1, 0x508, 1, 0x540, 2, 0x000, 1, 0x008, 1, 0x008, 1, 0x044, 1);
        Is("counter", "1 2", Values(timer, 0x140, 0x544));
    }

    private static void UsartByDma()
    {
        var machine = new IMachine();
        var dma = new STM32F4_DMA(machine);
        var usart = new STM32F4_USART(machine);
        machine.SystemBus.Device = usart;
        machine.SystemBus.DeviceAt = 0x40004400;
        usart.DmaReceive.Connected = level => dma.OnGPIO(44, level);
        usart.DmaTransmit.Connected = level => dma.OnGPIO(52, level);
        var said = "";
        usart.CharReceived += value => said += (char)value;
        machine.SystemBus.WriteBytes(new byte[] { 0x68, 0x69, 0x21 }, 0x20000000);
        Write(usart, 0x0C, (1 << 13) | (3 << 2) | (1 << 4), 0x14, 3 << 6);
        Stream(dma, 6, 0x40004404, 0x20000000, 3, (4u << 25) | (1 << 10) | (1 << 6) | (1 << 4) | 1);
        Is("usart sends", "hi!", said);
        Is("dma ends", "3145728 0 True", Values(dma, 0x04) + " " + (dma.ReadDoubleWord(0x10 + 6 * 0x18) & 1) + " " + dma.Connections[6].IsSet);
        Stream(dma, 5, 0x40004404, 0x20000100, 4, (4u << 25) | (1 << 10) | (1 << 8) | (3 << 3) | 1);
        foreach(var value in "abc") usart.WriteChar((byte)value);
        Is("usart receives", "61-62-63 1 True", BitConverter.ToString(machine.SystemBus.ReadBytes(0x20000100, 3)) + " " + dma.ReadDoubleWord(0x14 + 5 * 0x18) + " " + dma.Connections[5].IsSet);
        Is("usart is idle", "208 True", Values(usart, 0x00) + " " + usart.IRQ.IsSet);
        usart.ReadDoubleWord(0x04);
        Is("usart idle is cleared", "192", Values(usart, 0x00));
        foreach(var value in "de") usart.WriteChar((byte)value);
        Is("dma wraps", "65-62-63-64 3 3072", BitConverter.ToString(machine.SystemBus.ReadBytes(0x20000100, 4)) + " " + dma.ReadDoubleWord(0x14 + 5 * 0x18) + " " + (dma.ReadDoubleWord(0x04) & 0xF40));
        Write(dma, 0x0C, 0xF40);
        Is("dma flags are cleared", "0 False", (dma.ReadDoubleWord(0x04) & 0xF40) + " " + dma.Connections[5].IsSet);
    }

    private static void DmaDoubleBuffer()
    {
        var machine = new IMachine();
        var dma = new STM32F4_DMA(machine);
        Write(dma, 0x20, 0x20000200);
        Stream(dma, 0, 0x20000000, 0x20000100, 2, (1 << 18) | (2 << 11) | (1 << 10) | 1);
        machine.SystemBus.WriteDoubleWord(0x20000000, 7);
        for(var index = 0; index < 3; index++)
        {
            dma.OnGPIO(0, true);
        }
        Is("dma never ending request", "Error the request of stream 0 never falls in circular mode; stopped here", string.Join("|", Logger.Lines.Take(1)));
        Stream(dma, 1, 0x20000000, 0x20000300, 2, (2 << 6) | (2 << 11) | (1 << 9) | (1 << 10) | 1);
        Is("dma from memory to memory", "7", machine.SystemBus.ReadDoubleWord(0x20000300));
        Is("dma both buffers", "7 7", machine.SystemBus.ReadDoubleWord(0x20000100) + " " + machine.SystemBus.ReadDoubleWord(0x20000200));
    }

    private static void I2cByHand()
    {
        var i2c = new STM32F4_I2C(new IMachine());
        var target = new Target();
        i2c.Register(target, 0x19);
        Begin(i2c, 0x32, 0x400);
        Write(i2c, 0x10, 0x28, 0x00, 0x501);
        Is("i2c restarts", "1", Values(i2c, 0x14));
        Write(i2c, 0x10, 0x33);
        Values(i2c, 0x14, 0x18);
        var found = new List<uint>();
        found.Add(i2c.ReadDoubleWord(0x10));
        Is("i2c receives", "68", Values(i2c, 0x14));
        Write(i2c, 0x00, 1);
        found.Add(i2c.ReadDoubleWord(0x10));
        Write(i2c, 0x00, 0x201);
        Is("i2c still has two", "68", Values(i2c, 0x14));
        found.Add(i2c.ReadDoubleWord(0x10));
        found.Add(i2c.ReadDoubleWord(0x10));
        Is("i2c bytes", "64 65 66 67", string.Join(" ", found));
        Is("i2c target", "W28 R1 R1 R1 R1 P", target.Story);
        Is("i2c is idle", "0 0", Values(i2c, 0x14, 0x18));
        Begin(i2c, 0x50, 0);
        Is("i2c nobody answers", "1024", Values(i2c, 0x14));
        Write(i2c, 0x00, 0x201, 0x14, 0);
        Is("i2c goes on", "0", Values(i2c, 0x14));
    }

    private static void I2cByDma()
    {
        var machine = new IMachine();
        var dma = new STM32F4_DMA(machine);
        var i2c = new STM32F4_I2C(machine);
        var target = new Target();
        i2c.Register(target, 0x19);
        machine.SystemBus.Device = i2c;
        machine.SystemBus.DeviceAt = 0x40005400;
        i2c.DmaReceive.Connected = level => dma.OnGPIO(1, level);
        Stream(dma, 0, 0x40005410, 0x20000000, 3, (1u << 25) | (1 << 10) | (1 << 4) | 1);
        Write(i2c, 0x04, (1 << 11) | (1 << 12));
        Begin(i2c, 0x33, 0x400);
        Is("i2c by dma", "40-41-42 True", BitConverter.ToString(machine.SystemBus.ReadBytes(0x20000000, 3)) + " " + dma.Connections[0].IsSet);
        Write(i2c, 0x00, 0x201);
        Write(i2c, 0x00, 0x101);
        Is("i2c ends by the next start", "R1 R1 R1 P", target.Story);
    }

    private static void Begin(IDoubleWordPeripheral i2c, uint address, uint acknowledge)
    {
        Write(i2c, 0x00, 0x101 | acknowledge, 0x10, address);
        Values(i2c, 0x14, 0x18);
    }

    private static void Stream(IDoubleWordPeripheral dma, int index, uint peripheral, uint memory, uint count, uint control)
    {
        var at = (uint)(0x10 + 0x18 * index);
        Write(dma, at + 4, count, at + 8, peripheral, at + 12, memory, at, control);
    }

    private static void Write(IDoubleWordPeripheral device, params uint[] pairs)
    {
        for(var index = 0; index < pairs.Length; index += 2) device.WriteDoubleWord(pairs[index], pairs[index + 1]);
    }

    private static string Values(IDoubleWordPeripheral device, params long[] offsets)
    {
        return string.Join(" ", offsets.Select(device.ReadDoubleWord));
    }

    private static void Is(string name, string expected, object found)
    {
        Console.WriteLine(expected == found.ToString() ? "ok " + name : "WRONG " + name + ": " + found + ", expected " + expected);
    }

    private static void Registers()
    {
        var machine = new IMachine();
        foreach(var model in new IDoubleWordPeripheral[] {
            new NRF52840_TWI_TWIM(machine), new NRF52840_NVMC(machine, new MappedMemory()), new NRF52840_SAADC(machine), new NRF52840_PDM_DoubleBuffered(machine),
            new NRF52840_Timer_Shorts(machine, 6), new STM32F4_DMA(machine), new STM32F4_USART(machine), new STM32F4_I2C(machine) })
        {
            var registers = model.GetType().GetNestedType("Registers", BindingFlags.NonPublic);
            foreach(var one in Enum.GetValues(registers))
                Console.WriteLine(model.GetType().Name + " " + one + " " + (long)one + " " + model.ReadDoubleWord((long)one));
        }
    }
}
