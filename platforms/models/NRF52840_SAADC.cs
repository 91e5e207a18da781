// SAADC of the nRF52840: channels that are sampled into memory by EasyDMA (Product Specification, SAADC chapter).
// Why: Renode has no SAADC at all.
// For Renode 1.16 (IMachine) and, with the word IMachine replaced by Machine, 1.14. Not run here: no Renode on this machine.
// Inputs are results in counts, as the firmware is to find them: `saadc FeedSample counts channel repeat`, the last one holds.
// Not modelled: conversion time, an END behind STOP, the own timer (SAMPLERATE), OVERSAMPLE, gain, reference and resolution (counts are given).
using System;
using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.Miscellaneous;

namespace Antmicro.Renode.Peripherals.Analog
{
    public class NRF52840_SAADC : IDoubleWordPeripheral, IKnownSize, INRFEventProvider
    {
        public NRF52840_SAADC(IMachine machine)
        {
            this.machine = machine;
            IRQ = new GPIO();
            waiting = new Queue<short>[ChannelCount];
            held = new short[ChannelCount];
            for(var channel = 0; channel < ChannelCount; channel++)
            {
                waiting[channel] = new Queue<short>();
            }
            Reset();
        }

        public void Reset()
        {
            storage.Clear();
            for(var channel = 0; channel < ChannelCount; channel++)
            {
                storage[FirstChannel + ChannelBytes * channel + ConfigOffset] = DefaultConfig;
                storage[FirstChannel + ChannelBytes * channel + LimitOffset] = NoLimits;
            }
            storage[(long)Registers.RESOLUTION] = TenBits;
            enabledInterrupts = 0;
            running = false;
            IRQ.Set(false);
        }

        public void FeedSample(int counts, int channel, int repeat = 1)
        {
            if(channel < 0 || channel >= ChannelCount)
            {
                this.Log(LogLevel.Error, "there is no channel {0}: 0 to 7", channel);
                return;
            }
            for(var index = 0; index < repeat; index++)
            {
                waiting[channel].Enqueue((short)counts);
            }
        }

        public uint ReadDoubleWord(long offset)
        {
            switch((Registers)offset)
            {
            case Registers.INTEN:
            case Registers.INTENSET:
            case Registers.INTENCLR:
                return enabledInterrupts;
            case Registers.STATUS:
                return 0;
            }
            CheckKnown(offset);
            return Get(offset);
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            switch((Registers)offset)
            {
            case Registers.TASKS_START:
                if(value == 1) Start();
                return;
            case Registers.TASKS_SAMPLE:
                if(value == 1) Sample();
                return;
            case Registers.TASKS_STOP:
                if(value == 1) Stop();
                return;
            case Registers.TASKS_CALIBRATEOFFSET:
                if(value == 1) Raise((long)Registers.EVENTS_CALIBRATEDONE);
                return;
            case Registers.INTEN:
                enabledInterrupts = value;
                break;
            case Registers.INTENSET:
                enabledInterrupts |= value;
                break;
            case Registers.INTENCLR:
                enabledInterrupts &= ~value;
                break;
            case Registers.RESULT_AMOUNT:
                return;
            case Registers.SAMPLERATE:
            case Registers.OVERSAMPLE:
                if((value & ~0x7FFu) != 0 || ((Registers)offset == Registers.OVERSAMPLE && value != 0))
                {
                    this.Log(LogLevel.Error, "{0} 0x{1:X} is not modelled", (Registers)offset, value);
                }
                storage[offset] = value;
                return;
            default:
                CheckKnown(offset);
                storage[offset] = value;
                break;
            }
            UpdateInterrupt();
        }

        public GPIO IRQ { get; private set; }

        public long Size { get { return 0x1000; } }

        public event Action<uint> EventTriggered;

        // RESULT.PTR is read here, so that firmware can write the next one behind EVENTS_STARTED.
        private void Start()
        {
            if(Get((long)Registers.ENABLE) == 0)
            {
                this.Log(LogLevel.Warning, "started while ENABLE is 0");
                return;
            }
            address = Get((long)Registers.RESULT_PTR);
            room = Get((long)Registers.RESULT_MAXCNT);
            storage[(long)Registers.RESULT_AMOUNT] = 0;
            running = room > 0;
            Raise((long)Registers.EVENTS_STARTED);
        }

        private void Sample()
        {
            if(!running)
            {
                this.Log(LogLevel.Warning, "a sample without a started buffer is lost");
                return;
            }
            for(var channel = 0; channel < ChannelCount && running; channel++)
            {
                if(Get(FirstChannel + ChannelBytes * channel) != 0)
                {
                    Store(channel);
                }
            }
        }

        private void Store(int channel)
        {
            if(waiting[channel].Count > 0)
            {
                held[channel] = waiting[channel].Dequeue();
            }
            machine.SystemBus.WriteBytes(BitConverter.GetBytes(held[channel]), address);
            address += 2;
            storage[(long)Registers.RESULT_AMOUNT] = Get((long)Registers.RESULT_AMOUNT) + 1;
            Raise((long)Registers.EVENTS_DONE);
            Raise((long)Registers.EVENTS_RESULTDONE);
            CheckLimits(channel);
            if(Get((long)Registers.RESULT_AMOUNT) == room)
            {
                running = false;
                Raise((long)Registers.EVENTS_END);
            }
        }

        private void CheckLimits(int channel)
        {
            var limit = Get(FirstChannel + ChannelBytes * channel + LimitOffset);
            var events = (long)Registers.EVENTS_CH_0_LIMITH + 8 * channel;
            if(held[channel] >= (short)(limit >> 16) && limit != NoLimits)
            {
                Raise(events);
            }
            if(held[channel] <= (short)(limit & 0xFFFF) && limit != NoLimits)
            {
                Raise(events + 4);
            }
        }

        private void Stop()
        {
            running = false;
            Raise((long)Registers.EVENTS_STOPPED);
        }

        private void Raise(long which)
        {
            storage[which] = 1;
            var listeners = EventTriggered;
            if(listeners != null)
            {
                listeners((uint)which);
            }
            UpdateInterrupt();
        }

        // Bit n of INTEN belongs to the event at 0x100 + 4 * n.
        private void UpdateInterrupt()
        {
            var active = false;
            for(var bit = 0; bit < 32; bit++)
            {
                active |= (enabledInterrupts & (1u << bit)) != 0 && Get(FirstEvent + 4 * bit) != 0;
            }
            IRQ.Set(active);
        }

        private uint Get(long offset)
        {
            uint value;
            return storage.TryGetValue(offset, out value) ? value : 0;
        }

        private void CheckKnown(long offset)
        {
            var isChannel = offset >= FirstChannel && offset < FirstChannel + ChannelBytes * ChannelCount;
            var isLimit = offset >= (long)Registers.EVENTS_CH_0_LIMITH && offset <= (long)Registers.EVENTS_CH_7_LIMITL;
            if(!isChannel && !isLimit && !Enum.IsDefined(typeof(Registers), offset))
            {
                this.Log(LogLevel.Warning, "the register at 0x{0:X} is not modelled", offset);
            }
        }

        private readonly IMachine machine;
        private readonly Queue<short>[] waiting;
        private readonly short[] held;
        private readonly Dictionary<long, uint> storage = new Dictionary<long, uint>();
        private uint enabledInterrupts;
        private ulong address;
        private uint room;
        private bool running;

        private const int ChannelCount = 8;
        private const long FirstChannel = 0x510;
        private const long ChannelBytes = 0x10;
        private const long ConfigOffset = 0x8;
        private const long LimitOffset = 0xC;
        private const long FirstEvent = 0x100;
        private const uint NoLimits = 0x7FFF8000;
        private const uint DefaultConfig = 0x00020000;
        private const uint TenBits = 1;

        private enum Registers : long
        {
            TASKS_START = 0x000,
            TASKS_SAMPLE = 0x004,
            TASKS_STOP = 0x008,
            TASKS_CALIBRATEOFFSET = 0x00C,
            EVENTS_STARTED = 0x100,
            EVENTS_END = 0x104,
            EVENTS_DONE = 0x108,
            EVENTS_RESULTDONE = 0x10C,
            EVENTS_CALIBRATEDONE = 0x110,
            EVENTS_STOPPED = 0x114,
            EVENTS_CH_0_LIMITH = 0x118,
            EVENTS_CH_7_LIMITL = 0x154,
            INTEN = 0x300,
            INTENSET = 0x304,
            INTENCLR = 0x308,
            STATUS = 0x400,
            ENABLE = 0x500,
            CH_0_PSELP = 0x510,
            CH_0_CONFIG = 0x518,
            CH_0_LIMIT = 0x51C,
            RESOLUTION = 0x5F0,
            OVERSAMPLE = 0x5F4,
            SAMPLERATE = 0x5F8,
            RESULT_PTR = 0x62C,
            RESULT_MAXCNT = 0x630,
            RESULT_AMOUNT = 0x634,
        }
    }
}
