// TIMER of the nRF52840 with SHORTS, BITMODE and counter mode (Product Specification, TIMER chapter).
// Why: Renode 1.14's NRF52840_Timer has no SHORTS, so a timer that clears itself at COMPARE counts on for ever.
// For Renode 1.16 (IMachine) and, with the word IMachine replaced by Machine, 1.14. Not run here: no Renode on this machine.
// Not modelled: the part of a count that has passed when the timer is stopped or its prescaler changes (it is lost).
using System;
using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Timers
{
    public class NRF52840_Timer_Shorts : IDoubleWordPeripheral, IKnownSize, INRFEventProvider
    {
        public NRF52840_Timer_Shorts(IMachine machine, int numberOfEvents)
        {
            if(numberOfEvents < 1 || numberOfEvents > MostEvents)
            {
                throw new ConstructionException("numberOfEvents is 1 to 6");
            }
            this.numberOfEvents = numberOfEvents;
            IRQ = new GPIO();
            alarm = new LimitTimer(machine.ClockSource, 16000000, this, "compare", direction: Direction.Ascending,
                                   enabled: false, workMode: WorkMode.OneShot, eventEnabled: true);
            alarm.LimitReached += ReachAlarm;
            Reset();
        }

        public void Reset()
        {
            alarm.Enabled = false;
            storage.Clear();
            storage[(long)Registers.PRESCALER] = DefaultPrescaler;
            enabledInterrupts = 0;
            counter = 0;
            running = false;
            IRQ.Set(false);
        }

        public uint ReadDoubleWord(long offset)
        {
            switch((Registers)offset)
            {
            case Registers.INTENSET:
            case Registers.INTENCLR:
                return enabledInterrupts;
            }
            CheckKnown(offset);
            return Get(offset);
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            var capture = Index(offset, Registers.TASKS_CAPTURE_0);
            if(capture >= 0)
            {
                if(value == 1) SetCompare(capture, Counter);
                return;
            }
            var compare = Index(offset, Registers.CC_0);
            if(compare >= 0)
            {
                SetCompare(compare, value);
                return;
            }
            switch((Registers)offset)
            {
            case Registers.TASKS_START:
                if(value == 1) SetRunning(true);
                return;
            case Registers.TASKS_STOP:
            case Registers.TASKS_SHUTDOWN:
                if(value == 1) SetRunning(false);
                return;
            case Registers.TASKS_COUNT:
                if(value == 1) Count();
                return;
            case Registers.TASKS_CLEAR:
                if(value == 1) Restart(0);
                return;
            case Registers.INTENSET:
                enabledInterrupts |= value;
                break;
            case Registers.INTENCLR:
                enabledInterrupts &= ~value;
                break;
            case Registers.MODE:
            case Registers.BITMODE:
            case Registers.PRESCALER:
                var now = Counter;
                storage[offset] = value;
                Restart(now & Mask);
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

        private bool IsCounting { get { return running && Get((long)Registers.MODE) == 0; } }

        private uint Counter
        {
            get
            {
                var passed = IsCounting ? (uint)(alarm.Value >> Prescaler) : 0;
                return (counter + passed) & Mask;
            }
        }

        private int Prescaler { get { return (int)Math.Min(Get((long)Registers.PRESCALER) & 0xF, 9); } }

        private uint Mask
        {
            get
            {
                switch(Get((long)Registers.BITMODE) & 3)
                {
                case 1: return 0xFF;
                case 2: return 0xFFFFFF;
                case 3: return 0xFFFFFFFF;
                default: return 0xFFFF;
                }
            }
        }

        private void SetRunning(bool value)
        {
            var now = Counter;
            running = value;
            Restart(now);
        }

        private void SetCompare(int index, uint value)
        {
            var now = Counter;
            var partOfCount = IsCounting ? alarm.Value & ((1UL << Prescaler) - 1) : 0;
            storage[(long)Registers.CC_0 + 4 * index] = value;
            Restart(now, partOfCount);
        }

        // The alarm counts clocks of 16 MHz from here to the nearest compare value.
        private void Restart(uint from, ulong partOfCount = 0)
        {
            counter = from;
            alarm.Enabled = false;
            alarm.Value = 0;
            if(IsCounting)
            {
                alarm.Limit = Distance() << Prescaler;
                alarm.Value = partOfCount;
                alarm.Enabled = true;
            }
        }

        private ulong Distance()
        {
            var nearest = (ulong)Mask + 1;
            for(var index = 0; index < numberOfEvents; index++)
            {
                var away = (ulong)((Compare(index) - counter) & Mask);
                if(away != 0 && away < nearest)
                {
                    nearest = away;
                }
            }
            return nearest;
        }

        private void ReachAlarm()
        {
            counter = (uint)(counter + Distance()) & Mask;
            Match();
        }

        private void Count()
        {
            if(!running || Get((long)Registers.MODE) == 0)
            {
                this.Log(LogLevel.Warning, "TASKS_COUNT of a timer that is stopped or counts the clock is lost");
                return;
            }
            counter = (counter + 1) & Mask;
            Match();
        }

        private void Match()
        {
            var shorts = Get((long)Registers.SHORTS);
            var at = counter;
            var reached = new List<int>();
            for(var index = 0; index < numberOfEvents; index++)
            {
                if(Compare(index) == at)
                {
                    reached.Add(index);
                    counter = (shorts & (1u << index)) != 0 ? 0 : counter;
                    running &= (shorts & (0x100u << index)) == 0;
                }
            }
            Restart(counter);
            foreach(var index in reached)
            {
                Raise((long)Registers.EVENTS_COMPARE_0 + 4 * index);
            }
        }

        private uint Compare(int index)
        {
            return Get((long)Registers.CC_0 + 4 * index) & Mask;
        }

        private int Index(long offset, Registers first)
        {
            var index = (offset - (long)first) / 4;
            return offset >= (long)first && index < numberOfEvents ? (int)index : -1;
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

        // Bit n of INTENSET belongs to the event at 0x100 + 4 * n.
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
            var isArray = Index(offset, Registers.EVENTS_COMPARE_0) >= 0 || Index(offset, Registers.CC_0) >= 0;
            if(!isArray && !Enum.IsDefined(typeof(Registers), offset))
            {
                this.Log(LogLevel.Warning, "the register at 0x{0:X} is not modelled", offset);
            }
        }

        private readonly LimitTimer alarm;
        private readonly int numberOfEvents;
        private readonly Dictionary<long, uint> storage = new Dictionary<long, uint>();
        private uint enabledInterrupts;
        private uint counter;
        private bool running;

        private const int MostEvents = 6;
        private const uint DefaultPrescaler = 4;
        private const long FirstEvent = 0x100;

        private enum Registers : long
        {
            TASKS_START = 0x000,
            TASKS_STOP = 0x004,
            TASKS_COUNT = 0x008,
            TASKS_CLEAR = 0x00C,
            TASKS_SHUTDOWN = 0x010,
            TASKS_CAPTURE_0 = 0x040,
            EVENTS_COMPARE_0 = 0x140,
            SHORTS = 0x200,
            INTENSET = 0x304,
            INTENCLR = 0x308,
            MODE = 0x504,
            BITMODE = 0x508,
            PRESCALER = 0x510,
            CC_0 = 0x540,
        }
    }
}
