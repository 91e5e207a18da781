// TWIM of the nRF52840: I2C master with EasyDMA, shorts and array lists (Product Specification, TWIM chapter).
// Why: Renode's NRF52840_I2C is the older TWI alone; firmware that sets ENABLE to 6 gets nothing from it.
// For Renode 1.16 (IMachine) and, with the word IMachine replaced by Machine, 1.14. Not run here: no Renode on this machine.
// Not modelled: TWI (ENABLE 5), TWIS, time on the wire (a transfer takes none), clock stretching, FREQUENCY, PSEL, DNACK.
using System;
using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.Miscellaneous;

namespace Antmicro.Renode.Peripherals.I2C
{
    public class NRF52840_TWI_TWIM : SimpleContainer<II2CPeripheral>, IDoubleWordPeripheral, IKnownSize, INRFEventProvider
    {
        public NRF52840_TWI_TWIM(IMachine machine) : base(machine)
        {
            IRQ = new GPIO();
            Reset();
        }

        public override void Reset()
        {
            storage.Clear();
            storage[(long)Registers.FREQUENCY] = Default250Kbps;
            storage[(long)Registers.PSEL_SCL] = Disconnected;
            storage[(long)Registers.PSEL_SDA] = Disconnected;
            enabledInterrupts = 0;
            suspended = null;
            started = 0;
            IRQ.Set(false);
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
            return Get(offset);
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            switch((Registers)offset)
            {
            case Registers.TASKS_STARTRX:
                if(value == 1) Begin(StartReceive);
                return;
            case Registers.TASKS_STARTTX:
                if(value == 1) Begin(StartTransmit);
                return;
            case Registers.TASKS_STOP:
                if(value == 1) Stop();
                return;
            case Registers.TASKS_SUSPEND:
                if(value == 1) Suspend();
                return;
            case Registers.TASKS_RESUME:
                if(value == 1) Resume();
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
            case Registers.ERRORSRC:
                storage[offset] = Get(offset) & ~value;
                return;
            case Registers.RXD_AMOUNT:
            case Registers.TXD_AMOUNT:
                return;
            case Registers.ENABLE:
                if(value != 0 && value != EnabledTwim)
                {
                    this.Log(LogLevel.Error, "ENABLE {0} is not modelled: only TWIM (6) is", value);
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

        // Shorts start the next transfer from within this one; more than a few in no time would never end.
        private void Begin(Action start)
        {
            if(Get((long)Registers.ENABLE) != EnabledTwim)
            {
                this.Log(LogLevel.Warning, "started while ENABLE is {0}", Get((long)Registers.ENABLE));
                return;
            }
            if(started >= MostStarts)
            {
                this.Log(LogLevel.Error, "the shorts start transfers for ever; stopped here");
                return;
            }
            started++;
            start();
            started--;
        }

        private void StartTransmit()
        {
            var address = Latch((long)Registers.TXD_PTR, (long)Registers.TXD_MAXCNT, (long)Registers.TXD_LIST);
            var count = (int)Get((long)Registers.TXD_MAXCNT);
            Raise(Registers.EVENTS_TXSTARTED);
            II2CPeripheral target;
            if(!Select(Registers.TXD_AMOUNT, out target))
            {
                return;
            }
            if(count > 0)
            {
                target.Write(machine.SystemBus.ReadBytes(address, count));
            }
            storage[(long)Registers.TXD_AMOUNT] = (uint)count;
            Raise(Registers.EVENTS_LASTTX);
            Follow(7, StartReceive, 8, 9);
        }

        private void StartReceive()
        {
            var address = Latch((long)Registers.RXD_PTR, (long)Registers.RXD_MAXCNT, (long)Registers.RXD_LIST);
            var count = (int)Get((long)Registers.RXD_MAXCNT);
            Raise(Registers.EVENTS_RXSTARTED);
            II2CPeripheral target;
            if(!Select(Registers.RXD_AMOUNT, out target))
            {
                return;
            }
            if(count > 0)
            {
                machine.SystemBus.WriteBytes(ReadAll(target, count), address);
            }
            storage[(long)Registers.RXD_AMOUNT] = (uint)count;
            Raise(Registers.EVENTS_LASTRX);
            Follow(10, StartTransmit, 11, 12);
        }

        private byte[] ReadAll(II2CPeripheral target, int count)
        {
            var bytes = new List<byte>();
            while(bytes.Count < count)
            {
                var part = target.Read(count - bytes.Count);
                if(part.Length == 0)
                {
                    this.Log(LogLevel.Warning, "the target gives {0} of {1} bytes, the rest is 0xFF", bytes.Count, count);
                    break;
                }
                bytes.AddRange(part);
            }
            while(bytes.Count < count)
            {
                bytes.Add(0xFF);
            }
            return bytes.GetRange(0, count).ToArray();
        }

        private bool Select(Registers amount, out II2CPeripheral target)
        {
            if(TryGetByAddress((int)Get((long)Registers.ADDRESS), out target))
            {
                return true;
            }
            storage[(long)amount] = 0;
            storage[(long)Registers.ERRORSRC] = Get((long)Registers.ERRORSRC) | AddressNack;
            Raise(Registers.EVENTS_ERROR);
            return false;
        }

        private ulong Latch(long pointer, long count, long list)
        {
            var address = Get(pointer);
            if((Get(list) & 7) == ArrayList)
            {
                storage[pointer] = address + Get(count);
            }
            return address;
        }

        private void Follow(int startShort, Action start, int suspendShort, int stopShort)
        {
            var shorts = Get((long)Registers.SHORTS);
            if((shorts & (1u << suspendShort)) != 0)
            {
                suspended = (shorts & (1u << startShort)) != 0 ? start : null;
                Suspend();
            }
            else if((shorts & (1u << startShort)) != 0)
            {
                Begin(start);
            }
            else if((shorts & (1u << stopShort)) != 0)
            {
                Stop();
            }
        }

        private void Suspend()
        {
            Raise(Registers.EVENTS_SUSPENDED);
        }

        private void Resume()
        {
            var next = suspended;
            suspended = null;
            if(next != null)
            {
                Begin(next);
            }
        }

        private void Stop()
        {
            II2CPeripheral target;
            suspended = null;
            if(TryGetByAddress((int)Get((long)Registers.ADDRESS), out target))
            {
                target.FinishTransmission();
            }
            Raise(Registers.EVENTS_STOPPED);
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
            if(!Enum.IsDefined(typeof(Registers), offset))
            {
                this.Log(LogLevel.Warning, "the register at 0x{0:X} is not modelled", offset);
            }
        }

        private readonly Dictionary<long, uint> storage = new Dictionary<long, uint>();
        private uint enabledInterrupts;
        private Action suspended;
        private int started;

        private const uint EnabledTwim = 6;
        private const uint Default250Kbps = 0x04000000;
        private const uint Disconnected = 0xFFFFFFFF;
        private const uint AddressNack = 2;
        private const uint ArrayList = 1;
        private const int MostStarts = 8;
        private const long FirstEvent = 0x100;

        private enum Registers : long
        {
            TASKS_STARTRX = 0x000,
            TASKS_STARTTX = 0x008,
            TASKS_STOP = 0x014,
            TASKS_SUSPEND = 0x01C,
            TASKS_RESUME = 0x020,
            EVENTS_STOPPED = 0x104,
            EVENTS_ERROR = 0x124,
            EVENTS_SUSPENDED = 0x148,
            EVENTS_RXSTARTED = 0x14C,
            EVENTS_TXSTARTED = 0x150,
            EVENTS_LASTRX = 0x15C,
            EVENTS_LASTTX = 0x160,
            SHORTS = 0x200,
            INTEN = 0x300,
            INTENSET = 0x304,
            INTENCLR = 0x308,
            ERRORSRC = 0x4C4,
            ENABLE = 0x500,
            PSEL_SCL = 0x508,
            PSEL_SDA = 0x50C,
            FREQUENCY = 0x524,
            RXD_PTR = 0x534,
            RXD_MAXCNT = 0x538,
            RXD_AMOUNT = 0x53C,
            RXD_LIST = 0x540,
            TXD_PTR = 0x544,
            TXD_MAXCNT = 0x548,
            TXD_AMOUNT = 0x54C,
            TXD_LIST = 0x550,
            ADDRESS = 0x588,
        }
    }
}
