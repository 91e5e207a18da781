// DMA1 and DMA2 of the STM32F4: eight streams with half and full transfer, circular and double-buffer mode (RM0090, DMA).
// Why: Renode's STM32DMA has transfer complete alone, no channel selection, and EN stays set behind the last item.
// For Renode 1.16 (IMachine) and, with the word IMachine replaced by Machine, 1.14. Not run here: no Renode on this machine.
// Input s * 8 + c is the request of channel c at stream s, as in chips/stm32f4.repl; a level is served until it falls.
// Not modelled: time, bus load, priorities, bursts, FIFO levels and errors, PFCTRL, PINCOS. Items have the size PSIZE.
using System;
using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.DMA
{
    public class STM32F4_DMA : IDoubleWordPeripheral, IKnownSize, IGPIOReceiver, INumberedGPIOOutput
    {
        public STM32F4_DMA(IMachine machine)
        {
            this.machine = machine;
            var lines = new Dictionary<int, IGPIO>();
            for(var index = 0; index < StreamCount; index++)
            {
                streams[index] = new Stream();
                lines[index] = new GPIO();
            }
            Connections = lines;
            Reset();
        }

        public void Reset()
        {
            for(var index = 0; index < StreamCount; index++)
            {
                streams[index] = new Stream { Fifo = DefaultFifo };
                Connections[index].Set(false);
            }
        }

        public uint ReadDoubleWord(long offset)
        {
            switch((Registers)offset)
            {
            case Registers.LISR:
                return Flags(0);
            case Registers.HISR:
                return Flags(4);
            case Registers.LIFCR:
            case Registers.HIFCR:
                return 0;
            }
            int index;
            var register = Locate(offset, out index);
            var stream = streams[index < 0 ? 0 : index];
            switch(register)
            {
            case Registers.S0CR: return stream.Control;
            case Registers.S0NDTR: return stream.Left;
            case Registers.S0PAR: return stream.Peripheral;
            case Registers.S0M0AR: return stream.Memory0;
            case Registers.S0M1AR: return stream.Memory1;
            case Registers.S0FCR: return stream.Fifo;
            }
            this.Log(LogLevel.Warning, "there is no register at 0x{0:X}", offset);
            return 0;
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            switch((Registers)offset)
            {
            case Registers.LIFCR:
                ClearFlags(0, value);
                return;
            case Registers.HIFCR:
                ClearFlags(4, value);
                return;
            }
            int index;
            var register = Locate(offset, out index);
            var stream = streams[index < 0 ? 0 : index];
            if(register != Registers.S0CR && (stream.Control & Enable) != 0 && register != Registers.S0M0AR && register != Registers.S0M1AR)
            {
                this.Log(LogLevel.Warning, "0x{0:X} is written while stream {1} is enabled; the write is lost", offset, index);
                return;
            }
            switch(register)
            {
            case Registers.S0CR: SetControl(index, value); return;
            case Registers.S0NDTR: stream.Left = value & 0xFFFF; return;
            case Registers.S0PAR: stream.Peripheral = value; return;
            case Registers.S0M0AR: stream.Memory0 = value; return;
            case Registers.S0M1AR: stream.Memory1 = value; return;
            case Registers.S0FCR: stream.Fifo = value; return;
            }
            this.Log(LogLevel.Warning, "0x{0:X} cannot be written", offset);
        }

        public void OnGPIO(int number, bool value)
        {
            if(number < 0 || number >= requests.Length)
            {
                this.Log(LogLevel.Error, "there is no request {0}: stream * 8 + channel", number);
                return;
            }
            requests[number] = value;
            if(value)
            {
                Serve(number / ChannelCount);
            }
        }

        public IReadOnlyDictionary<int, IGPIO> Connections { get; private set; }

        public long Size { get { return 0x400; } }

        private void SetControl(int index, uint value)
        {
            var stream = streams[index];
            var starts = (value & Enable) != 0 && (stream.Control & Enable) == 0;
            stream.Control = value;
            if(starts && stream.Left == 0)
            {
                stream.Control &= ~Enable;
                this.Log(LogLevel.Warning, "stream {0} is enabled with NDTR 0", index);
            }
            else if(starts)
            {
                stream.Block = stream.Left;
                stream.Done = 0;
                if(Direction(stream) == MemoryToMemory)
                {
                    while((stream.Control & Enable) != 0)
                    {
                        Move(index);
                    }
                }
                Serve(index);
            }
            UpdateInterrupt(index);
        }

        // Moving an item may lower and raise the request again, from within.
        private void Serve(int index)
        {
            var stream = streams[index];
            if(stream.IsServed)
            {
                return;
            }
            stream.IsServed = true;
            var moved = 0u;
            while((stream.Control & Enable) != 0 && requests[index * ChannelCount + (int)((stream.Control >> 25) & 7)])
            {
                if(moved++ > stream.Block)
                {
                    this.Log(LogLevel.Error, "the request of stream {0} never falls in circular mode; stopped here", index);
                    break;
                }
                Move(index);
            }
            stream.IsServed = false;
        }

        private void Move(int index)
        {
            var stream = streams[index];
            var bytes = 1u << (int)((stream.Control >> 11) & 3);
            var peripheral = stream.Peripheral + ((stream.Control & PeripheralIncrement) != 0 ? stream.Done * bytes : 0);
            var start = (stream.Control & CurrentTarget) != 0 ? stream.Memory1 : stream.Memory0;
            var memory = start + ((stream.Control & MemoryIncrement) != 0 ? stream.Done * bytes : 0);
            var toPeripheral = Direction(stream) == MemoryToPeripheral;
            Copy(toPeripheral ? memory : peripheral, toPeripheral ? peripheral : memory, bytes);
            stream.Done++;
            stream.Left--;
            if(stream.Done == stream.Block / 2)
            {
                stream.Flags |= HalfTransfer;
            }
            if(stream.Left == 0)
            {
                FinishBlock(stream);
            }
            UpdateInterrupt(index);
        }

        private void FinishBlock(Stream stream)
        {
            stream.Flags |= TransferComplete;
            stream.Done = 0;
            if((stream.Control & (Circular | DoubleBuffer)) != 0 && Direction(stream) != MemoryToMemory)
            {
                stream.Left = stream.Block;
                stream.Control ^= (stream.Control & DoubleBuffer) != 0 ? CurrentTarget : 0;
            }
            else
            {
                stream.Control &= ~Enable;
            }
        }

        private void Copy(uint from, uint to, uint bytes)
        {
            switch(bytes)
            {
            case 1: machine.SystemBus.WriteByte(to, machine.SystemBus.ReadByte(from)); break;
            case 2: machine.SystemBus.WriteWord(to, machine.SystemBus.ReadWord(from)); break;
            default: machine.SystemBus.WriteDoubleWord(to, machine.SystemBus.ReadDoubleWord(from)); break;
            }
        }

        private uint Flags(int first)
        {
            var value = 0u;
            for(var index = 0; index < 4; index++)
            {
                value |= streams[first + index].Flags << FlagShifts[index];
            }
            return value;
        }

        private void ClearFlags(int first, uint value)
        {
            for(var index = 0; index < 4; index++)
            {
                streams[first + index].Flags &= ~(value >> FlagShifts[index]);
                UpdateInterrupt(first + index);
            }
        }

        private void UpdateInterrupt(int index)
        {
            var stream = streams[index];
            var half = (stream.Flags & HalfTransfer) != 0 && (stream.Control & HalfTransferInterrupt) != 0;
            var complete = (stream.Flags & TransferComplete) != 0 && (stream.Control & TransferCompleteInterrupt) != 0;
            Connections[index].Set(half || complete);
        }

        // The register of stream 0 that this one is like.
        private static Registers Locate(long offset, out int index)
        {
            index = (int)((offset - (long)Registers.S0CR) / StreamBytes);
            if(offset < (long)Registers.S0CR || index >= StreamCount)
            {
                index = -1;
                return Registers.LISR;
            }
            return (Registers)(offset - index * StreamBytes);
        }

        private static uint Direction(Stream stream)
        {
            return (stream.Control >> 6) & 3;
        }

        private readonly IMachine machine;
        private readonly Stream[] streams = new Stream[StreamCount];
        private readonly bool[] requests = new bool[StreamCount * ChannelCount];

        private const int StreamCount = 8;
        private const int ChannelCount = 8;
        private const int StreamBytes = 0x18;
        private const uint DefaultFifo = 0x21;
        private const uint Enable = 1 << 0;
        private const uint HalfTransferInterrupt = 1 << 3;
        private const uint TransferCompleteInterrupt = 1 << 4;
        private const uint Circular = 1 << 8;
        private const uint PeripheralIncrement = 1 << 9;
        private const uint MemoryIncrement = 1 << 10;
        private const uint DoubleBuffer = 1 << 18;
        private const uint CurrentTarget = 1 << 19;
        private const uint MemoryToPeripheral = 1;
        private const uint MemoryToMemory = 2;
        private const uint HalfTransfer = 1 << 4;
        private const uint TransferComplete = 1 << 5;
        private static readonly int[] FlagShifts = { 0, 6, 16, 22 };

        private class Stream
        {
            public uint Control;
            public uint Left;
            public uint Peripheral;
            public uint Memory0;
            public uint Memory1;
            public uint Fifo;
            public uint Flags;
            public uint Block;
            public uint Done;
            public bool IsServed;
        }

        private enum Registers : long
        {
            LISR = 0x00,
            HISR = 0x04,
            LIFCR = 0x08,
            HIFCR = 0x0C,
            S0CR = 0x10,
            S0NDTR = 0x14,
            S0PAR = 0x18,
            S0M0AR = 0x1C,
            S0M1AR = 0x20,
            S0FCR = 0x24,
        }
    }
}
