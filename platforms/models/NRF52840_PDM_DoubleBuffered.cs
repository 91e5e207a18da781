// PDM of the nRF52840 with its double-buffered SAMPLE.PTR (Product Specification, PDM chapter).
// Why: Renode's NRF52840_PDM reads SAMPLE.PTR when a buffer is full, raises STARTED and END together and rounds the rate.
// For Renode 1.16 (IMachine) and, with the word IMachine replaced by Machine, 1.14. Not run here: no Renode on this machine.
// Input: `pdm SetInputFile "/path/voice.raw"`, 16-bit little-endian PCM, interleaved for stereo; silence behind its end.
// Not modelled: the decimation filter and its delay (the file is PCM), EDGE, PSEL, an overrun of the bus.
using System;
using System.Collections.Generic;
using System.IO;
using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Sound
{
    public class NRF52840_PDM_DoubleBuffered : IDoubleWordPeripheral, IKnownSize, INRFEventProvider
    {
        public NRF52840_PDM_DoubleBuffered(IMachine machine)
        {
            this.machine = machine;
            IRQ = new GPIO();
            bufferTimer = new LimitTimer(machine.ClockSource, 32000000, this, "buffer", direction: Direction.Ascending,
                                         enabled: false, workMode: WorkMode.Periodic, eventEnabled: true);
            bufferTimer.LimitReached += FinishBuffer;
            Reset();
        }

        public void Reset()
        {
            bufferTimer.Enabled = false;
            storage.Clear();
            storage[(long)Registers.PDMCLKCTRL] = DefaultClock;
            storage[(long)Registers.GAINL] = ZeroDecibel;
            storage[(long)Registers.GAINR] = ZeroDecibel;
            storage[(long)Registers.PSEL_CLK] = Disconnected;
            storage[(long)Registers.PSEL_DIN] = Disconnected;
            enabledInterrupts = 0;
            IRQ.Set(false);
        }

        public void SetInputFile(string fileName)
        {
            input = File.ReadAllBytes(fileName);
            position = 0;
            saidEnd = false;
        }

        public uint ReadDoubleWord(long offset)
        {
            switch((Registers)offset)
            {
            case Registers.INTEN:
            case Registers.INTENSET:
            case Registers.INTENCLR:
                return enabledInterrupts;
            }
            CheckKnown(offset);
            return Get((Registers)offset);
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            switch((Registers)offset)
            {
            case Registers.TASKS_START:
                if(value == 1) Start();
                return;
            case Registers.TASKS_STOP:
                if(value == 1) Stop();
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

        private void Start()
        {
            if(Get(Registers.ENABLE) == 0)
            {
                this.Log(LogLevel.Warning, "started while ENABLE is 0");
                return;
            }
            BeginBuffer();
        }

        // SAMPLE.PTR and MAXCNT are read here; firmware writes those of the next buffer behind EVENTS_STARTED.
        private void BeginBuffer()
        {
            address = Get(Registers.SAMPLE_PTR);
            samples = Get(Registers.SAMPLE_MAXCNT);
            if(samples == 0)
            {
                this.Log(LogLevel.Warning, "SAMPLE.MAXCNT is 0, nothing is sampled");
                bufferTimer.Enabled = false;
                return;
            }
            var perChannel = IsMono ? samples : samples / 2;
            bufferTimer.Limit = Math.Max(1UL, (ulong)perChannel * ClockDivider * Ratio);
            bufferTimer.Value = 0;
            bufferTimer.Enabled = true;
            Raise(Registers.EVENTS_STARTED);
        }

        private void FinishBuffer()
        {
            var bytes = new byte[2 * samples];
            for(var index = 0; index < samples; index++)
            {
                var sample = Amplified(NextSample(), !IsMono && index % 2 == 1 ? Registers.GAINR : Registers.GAINL);
                bytes[2 * index] = (byte)sample;
                bytes[2 * index + 1] = (byte)(sample >> 8);
            }
            machine.SystemBus.WriteBytes(bytes, address);
            Raise(Registers.EVENTS_END);
            BeginBuffer();
        }

        private short NextSample()
        {
            if(position + 1 < input.Length)
            {
                position += 2;
                return (short)(input[position - 2] | (input[position - 1] << 8));
            }
            if(!saidEnd)
            {
                saidEnd = true;
                this.Log(LogLevel.Warning, "the input has ended, silence from here on");
            }
            return 0;
        }

        // GAIN: steps of half a decibel around 0x28.
        private short Amplified(short sample, Registers gain)
        {
            var steps = (int)Get(gain) - (int)ZeroDecibel;
            var value = steps == 0 ? sample : Math.Round(sample * Math.Pow(10, steps / 40.0));
            return (short)Math.Max(short.MinValue, Math.Min(short.MaxValue, value));
        }

        private void Stop()
        {
            bufferTimer.Enabled = false;
            Raise(Registers.EVENTS_STOPPED);
        }

        private bool IsMono { get { return (Get(Registers.MODE) & 1) != 0; } }

        private ulong Ratio { get { return (Get(Registers.RATIO) & 1) != 0 ? 80UL : 64UL; } }

        // Of 32 MHz, as the manual's table of PDMCLKCTRL has it.
        private ulong ClockDivider
        {
            get
            {
                switch(Get(Registers.PDMCLKCTRL))
                {
                case 0x08000000: return 32;
                case 0x08400000: return 31;
                case 0x08800000: return 30;
                case 0x09800000: return 26;
                case 0x0A000000: return 25;
                case 0x0A800000: return 24;
                }
                this.Log(LogLevel.Error, "PDMCLKCTRL 0x{0:X} is none of the manual's, the default is taken", Get(Registers.PDMCLKCTRL));
                return 31;
            }
        }

        private void Raise(Registers which)
        {
            storage[(long)which] = 1;
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
                active |= (enabledInterrupts & (1u << bit)) != 0 && Get((Registers)(FirstEvent + 4 * bit)) != 0;
            }
            IRQ.Set(active);
        }

        private uint Get(Registers which)
        {
            uint value;
            return storage.TryGetValue((long)which, out value) ? value : 0;
        }

        private void CheckKnown(long offset)
        {
            if(!Enum.IsDefined(typeof(Registers), offset))
            {
                this.Log(LogLevel.Warning, "the register at 0x{0:X} is not modelled", offset);
            }
        }

        private readonly IMachine machine;
        private readonly LimitTimer bufferTimer;
        private readonly Dictionary<long, uint> storage = new Dictionary<long, uint>();
        private byte[] input = new byte[0];
        private int position;
        private bool saidEnd;
        private uint enabledInterrupts;
        private ulong address;
        private uint samples;

        private const uint DefaultClock = 0x08400000;
        private const uint ZeroDecibel = 0x28;
        private const uint Disconnected = 0xFFFFFFFF;
        private const long FirstEvent = 0x100;

        private enum Registers : long
        {
            TASKS_START = 0x000,
            TASKS_STOP = 0x004,
            EVENTS_STARTED = 0x100,
            EVENTS_STOPPED = 0x104,
            EVENTS_END = 0x108,
            INTEN = 0x300,
            INTENSET = 0x304,
            INTENCLR = 0x308,
            ENABLE = 0x500,
            PDMCLKCTRL = 0x504,
            MODE = 0x508,
            GAINL = 0x518,
            GAINR = 0x51C,
            RATIO = 0x520,
            PSEL_CLK = 0x540,
            PSEL_DIN = 0x544,
            SAMPLE_PTR = 0x560,
            SAMPLE_MAXCNT = 0x564,
        }
    }
}
