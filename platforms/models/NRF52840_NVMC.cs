// NVMC of the nRF52840: erases flash pages and says when it is ready (Product Specification, NVMC chapter).
// Why: Renode's nRF52840 has no NVMC; firmware that waits for READY waits for ever.
// For Renode 1.16 (IMachine) and, with the word IMachine replaced by Machine, 1.14. Not run here: no Renode on this machine.
// Not modelled: erase and write times, WEN (Renode's flash takes every write, and a write can set bits), UICR, the cache.
using System;
using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.Memory;

namespace Antmicro.Renode.Peripherals.MTD
{
    public class NRF52840_NVMC : IDoubleWordPeripheral, IKnownSize
    {
        public NRF52840_NVMC(IMachine machine, MappedMemory flash)
        {
            this.machine = machine;
            this.flash = flash;
            Reset();
        }

        public void Reset()
        {
            storage.Clear();
            storage[(long)Registers.ERASEPAGEPARTIALCFG] = DefaultPartMilliseconds;
        }

        public uint ReadDoubleWord(long offset)
        {
            switch((Registers)offset)
            {
            case Registers.READY:
            case Registers.READYNEXT:
                return 1;
            }
            CheckKnown(offset);
            uint value;
            return storage.TryGetValue(offset, out value) ? value : 0;
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            CheckKnown(offset);
            switch((Registers)offset)
            {
            case Registers.ERASEPAGE:
            case Registers.ERASEPCR0:
                Erase(value, PageBytes);
                break;
            case Registers.ERASEPAGEPARTIAL:
                EraseInParts(value);
                break;
            case Registers.ERASEALL:
                if(value == 1)
                {
                    Erase(0, (ulong)flash.Size);
                }
                break;
            case Registers.ERASEUICR:
                this.Log(LogLevel.Warning, "ERASEUICR: there is no UICR to erase");
                break;
            default:
                storage[offset] = value;
                break;
            }
        }

        public long Size { get { return 0x1000; } }

        // Renode takes no time for it: the page is blank once the parts add up to the time of a whole erase.
        private void EraseInParts(uint address)
        {
            uint done;
            erased.TryGetValue(address, out done);
            erased[address] = done + storage[(long)Registers.ERASEPAGEPARTIALCFG];
            if(erased[address] >= PageMilliseconds)
            {
                erased.Remove(address);
                Erase(address, PageBytes);
            }
        }

        private void Erase(ulong address, ulong bytes)
        {
            uint config;
            storage.TryGetValue((long)Registers.CONFIG, out config);
            if((config & 3) != EraseEnabled && (config & 7) != PartialEraseEnabled)
            {
                this.Log(LogLevel.Warning, "an erase of 0x{0:X} without CONFIG set for it is lost", address);
                return;
            }
            if(address % PageBytes != 0 || address + bytes > (ulong)flash.Size)
            {
                this.Log(LogLevel.Warning, "0x{0:X} is no page of the flash, nothing is erased", address);
                return;
            }
            var blank = new byte[bytes];
            for(var index = 0; index < blank.Length; index++)
            {
                blank[index] = 0xFF;
            }
            machine.SystemBus.WriteBytes(blank, address);
        }

        private void CheckKnown(long offset)
        {
            if(!Enum.IsDefined(typeof(Registers), offset))
            {
                this.Log(LogLevel.Warning, "the register at 0x{0:X} is not modelled", offset);
            }
        }

        private readonly IMachine machine;
        private readonly MappedMemory flash;
        private readonly Dictionary<long, uint> storage = new Dictionary<long, uint>();
        private readonly Dictionary<uint, uint> erased = new Dictionary<uint, uint>();

        private const uint PageBytes = 4096;
        private const uint EraseEnabled = 2;
        private const uint PartialEraseEnabled = 4;
        private const uint PageMilliseconds = 85;
        private const uint DefaultPartMilliseconds = 10;

        private enum Registers : long
        {
            READY = 0x400,
            READYNEXT = 0x408,
            CONFIG = 0x504,
            ERASEPAGE = 0x508,
            ERASEALL = 0x50C,
            ERASEPCR0 = 0x510,
            ERASEUICR = 0x514,
            ERASEPAGEPARTIAL = 0x518,
            ERASEPAGEPARTIALCFG = 0x51C,
            ICACHECNF = 0x540,
            IHIT = 0x548,
            IMISS = 0x54C,
        }
    }
}
